/** What stands where a value was: the same for every value, so that it tells neither which one nor how long. */
const asBytes = (text: string) => ({ text, bytes: Buffer.from(text, 'latin1') }) as const;

export const mask = asBytes('[redacted]');

/** What stands for a whole text that could not be searched to its end. */
export const withheld = asBytes('[withheld]');
