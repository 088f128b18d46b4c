/** Collects every problem of an input before refusing it, so that a caller mends them all at once. No message quotes a value. */
import { badInput, type FieldProblem } from '../errors.js';
import { tidyName } from './names.js';

const countCharacters = (text: string): number => [...text].length;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: tab and line feed are fine in a text of several lines
const controlsButLines = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export class InputCheck {
  readonly #problems: FieldProblem[] = [];

  add(field: string, message: string): void {
    this.#problems.push({ field, message });
  }

  /** A name of 1 to `most` characters, tidied. */
  name(field: string, value: string, most = 120): string {
    const name = tidyName(value);
    const length = countCharacters(name);
    if (length < 1 || length > most) this.add(field, `must have 1 to ${most} characters`);
    else if (controlCharacters.test(name)) this.add(field, 'must not contain control characters or line breaks');
    else if (!name.isWellFormed()) this.add(field, 'must be well-formed Unicode');
    return name;
  }

  /** An optional text of several lines; the empty text counts as none. */
  text(field: string, value: string | null | undefined, most = 1000): string | null {
    if (value === null || value === undefined || value.trim() === '') return null;
    const text = value.normalize('NFC');
    if (countCharacters(text) > most) this.add(field, `must have at most ${most} characters`);
    else if (controlsButLines.test(text)) this.add(field, 'must not contain control characters');
    else if (!text.isWellFormed()) this.add(field, 'must be well-formed Unicode');
    return text;
  }

  /** An optional instant that lies in the future, in milliseconds. */
  future(field: string, value: number | null | undefined, now: number): number | null {
    if (value === null || value === undefined) return null;
    if (value <= now) this.add(field, 'must lie in the future');
    return value;
  }

  /** Throws BAD_USER_INPUT when anything was added. */
  done(): void {
    if (this.#problems.length > 0) throw badInput(...this.#problems.slice(0, 20));
  }
}

/** A search text as it may come in: throws BAD_USER_INPUT for one that is too long or has control characters. */
export function mustBeSearchable(field: string, text: string | null | undefined): void {
  if (text === null || text === undefined) return;
  if (countCharacters(text) > 120) throw badInput({ field, message: 'must have at most 120 characters' });
  if (controlCharacters.test(text)) throw badInput({ field, message: 'must not contain control characters' });
}
