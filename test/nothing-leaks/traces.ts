/** Finds a fake secret in whatever holds it, in any of the forms that programs write texts in. */

export interface Canary {
  /** Letters, digits and underscores, so that it can also be a name in a GraphQL document. */
  readonly text: string;
  /** The names of the forms in which a part of it is found; empty when it is nowhere. */
  traces(haystack: Uint8Array | string): string[];
}

/** @param halves two texts that occur nowhere else, so that a secret that was cut off is found too. At least 12 characters each. */
export function canaryOf(...halves: readonly [string, string]): Canary {
  const forms = halves.flatMap(formsOf);
  return {
    text: halves.join('_'),
    traces(haystack) {
      // One character for each byte, so that texts and bytes are searched alike.
      const bytes = Buffer.from(haystack as Uint8Array).toString('latin1');
      const lowerCase = bytes.toLowerCase();
      const found = forms.filter(({ pattern, isCaseless }) => (isCaseless ? lowerCase : bytes).includes(pattern));
      return [...new Set(found.map(({ form }) => form))];
    },
  };
}

interface Form {
  readonly form: string;
  readonly pattern: string;
  readonly isCaseless: boolean;
}

function formsOf(text: string): Form[] {
  const bytes = [...Buffer.from(text, 'ascii')];
  const hex = bytes.map((byte) => byte.toString(16));
  const caseless = (form: string, pattern: string): Form => ({
    form,
    pattern: pattern.toLowerCase(),
    isCaseless: true,
  });
  return [
    caseless('plain', text),
    caseless('reversed', [...text].reverse().join('')),
    caseless('hex', hex.join('')),
    caseless('percent', hex.map((digits) => `%${digits}`).join('')),
    caseless('JSON escapes', hex.map((digits) => `\\u00${digits}`).join('')),
    // Of either byte order: what stands between the outer zeros.
    caseless('UTF-16', [...text].join('\0')),
    ...base64Forms(text).flatMap((pattern) => [
      { form: 'base64', pattern, isCaseless: false },
      { form: 'base64', pattern: pattern.replaceAll('+', '-').replaceAll('/', '_'), isCaseless: false },
    ]),
  ];
}

/** What is in base64 of the text wherever it begins in the encoded bytes: without the characters that its neighbors share. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text, 'ascii')]).toString('base64');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + text.length) * 8) / 6));
  });
}
