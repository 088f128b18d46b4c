/** Reads the fields of steps: templates, names and numbers, with every problem named by its field and its place in the text. */
import type { SecretKeyId } from '../../ids.js';
import type { InputCheck } from '../input-check.js';
import { type ParsedJsonTemplate, parseJsonTemplate } from './json-template-parse.js';
import type { NamedTemplateInput } from './step.inputs.js';
import type { NamedTemplate } from './step-definition.js';
import { type ParsedTemplate, type PlacedReference, parseTemplate, TemplateError } from './template-parse.js';

/** A field of a step: `path` in the input, `place` in the step. */
export interface StepField {
  readonly path: string;
  readonly place: string;
}

/** A reference to a key as somebody wrote it. */
export interface KeyReference {
  readonly secretKeyId: SecretKeyId;
  readonly stepIndex: number;
  readonly field: StepField;
  /** Such as `column 14`. */
  readonly position: string;
}

/** A reference to an earlier step's output as somebody wrote it. */
export type OutputReference = Pick<KeyReference, 'field' | 'position'> & { readonly stepName: string };

/** Names of steps that a reference can be to, and those that it cannot: they come later, or are the step itself. */
export interface StepNames {
  readonly earlier: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

const mostNamed = 100;
const longestName = 256;

export class StepReader {
  readonly keys: KeyReference[] = [];
  readonly outputs: OutputReference[] = [];

  constructor(
    readonly check: InputCheck,
    private readonly stepIndex: number,
    private readonly path: string,
    private readonly names: StepNames,
  ) {}

  field(place: string): StepField {
    return { path: `${this.path}.${place}`, place };
  }

  /** Counted in bytes of UTF-8. */
  fits(field: StepField, text: string, mostBytes: number): boolean {
    if (!text.isWellFormed()) this.check.add(field.path, 'must be well-formed Unicode');
    else if (Buffer.byteLength(text) > mostBytes) this.check.add(field.path, `must have at most ${mostBytes} bytes`);
    else return true;
    return false;
  }

  /** @param letters what the template's own text must not have in it, and what to say where it does. */
  template(
    field: StepField,
    text: string,
    mostBytes: number,
    letters?: { readonly refused: RegExp; readonly message: string },
  ): ParsedTemplate {
    const empty: ParsedTemplate = { template: [], references: [] };
    if (!this.fits(field, text, mostBytes)) return empty;
    const parsed = this.#parsed(field, text, () => parseTemplate(text)) ?? empty;
    if (letters && parsed.template.some((segment) => segment.kind === 'text' && letters.refused.test(segment.text))) {
      this.check.add(field.path, letters.message);
    }
    this.#note(field, text, parsed.references);
    return parsed;
  }

  json(field: StepField, text: string, mostBytes: number): ParsedJsonTemplate {
    const nothing: ParsedJsonTemplate = { json: { kind: 'literal', value: null }, references: [] };
    if (!this.fits(field, text, mostBytes)) return nothing;
    const parsed = this.#parsed(field, text, () => parseJsonTemplate(text)) ?? nothing;
    this.#note(field, text, parsed.references);
    return parsed;
  }

  /** @param nameProblem what is wrong with a name; null when nothing is. */
  named(
    place: string,
    inputs: readonly NamedTemplateInput[] | null | undefined,
    mostBytes: number,
    nameProblem: (name: string) => string | null,
    letters?: { readonly refused: RegExp; readonly message: string },
  ): NamedTemplate[] {
    if ((inputs?.length ?? 0) > mostNamed) {
      this.check.add(this.field(place).path, `must have at most ${mostNamed} elements`);
      return [];
    }
    return (inputs ?? []).map(({ name, value }, index): NamedTemplate => {
      const field = this.field(`${place}[${index}].name`);
      if (this.fits(field, name, longestName)) {
        const problem = name.includes('{{') ? 'must hold no reference: it is a name' : nameProblem(name);
        if (problem !== null) this.check.add(field.path, problem);
      }
      return { name, value: this.template(this.field(`${place}[${index}].value`), value, mostBytes, letters).template };
    });
  }

  /** A whole number within bounds. */
  integer(place: string, value: number, least: number, most: number): number {
    if (value < least || value > most) this.check.add(this.field(place).path, `must be ${least} to ${most}`);
    return value;
  }

  problem(field: StepField, text: string, offset: number, message: string): void {
    this.check.add(field.path, `${positionIn(text, offset)}: ${message}`);
  }

  #parsed<T>(field: StepField, text: string, parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.problem(field, text, error.offset, error.message);
      return null;
    }
  }

  #note(field: StepField, text: string, references: readonly PlacedReference[]): void {
    for (const { reference, offset } of references) {
      if (reference.kind === 'secretKey') {
        const { secretKeyId } = reference;
        this.keys.push({ secretKeyId, stepIndex: this.stepIndex, field, position: positionIn(text, offset) });
      } else if (reference.kind === 'output' && this.names.earlier.has(reference.step)) {
        this.outputs.push({ stepName: reference.step, field, position: positionIn(text, offset) });
      } else if (reference.kind === 'output') {
        const isLater = this.names.others.has(reference.step);
        this.problem(
          field,
          text,
          offset,
          isLater ? 'must refer to an earlier step' : 'refers to a step that is not there',
        );
      }
    }
  }
}

/** `column 14`, or `line 2, column 5` in a text of several lines; in UTF-16 units from 1, as editors count. */
export function positionIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const column = `column ${(before.at(-1) ?? '').length + 1}`;
  return text.includes('\n') ? `line ${before.length}, ${column}` : column;
}
