/** Names that people give to things: how they are kept, and how two of them are the same. */

/** NFC, trimmed. What is stored and shown. */
export const tidyName = (name: string): string => name.normalize('NFC').trim();

/**
 * The form in which names are compared and ordered: full case folding, approximated by the upper and then the lower case of every
 * letter (which also unites ß with ss), in NFC. Compared by code point.
 */
export const foldName = (name: string): string => tidyName(name).toUpperCase().toLowerCase().normalize('NFC');

/** A LIKE pattern that finds `text` anywhere in a folded name; its own wildcards are escaped with `!`. */
export const searchPattern = (text: string): string => `%${foldName(text).replace(/[!%_]/g, '!$&')}%`;
