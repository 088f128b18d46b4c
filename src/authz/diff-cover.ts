/** A set of situations said in few words. */

/**
 * Patterns that match every one of `wanted` and none of `others`; what is neither never occurs and may match. All are texts of
 * `1` and `0` of one length, and patterns have `-` where either may stand. Greedy, as in the expand and irredundant steps of
 * Espresso (Brayton et al., 1984): short, though not always the shortest. Of two ways to say it, it keeps the one with `1`.
 */
export function cover(wanted: readonly string[], others: readonly string[]): readonly string[] {
  const patterns: string[] = [];
  for (const situation of wanted) {
    if (!patterns.some((pattern) => matches(pattern, situation))) patterns.push(widened(situation, others));
  }
  return patterns.reduce((needed, pattern) => {
    const without = needed.filter((other) => other !== pattern);
    const isNeedless = wanted.every((situation) => without.some((other) => matches(other, situation)));
    return isNeedless ? without : needed;
  }, patterns);
}

export const matches = (pattern: string, situation: string): boolean =>
  [...pattern].every((mark, index) => mark === '-' || mark === situation[index]);

function widened(situation: string, others: readonly string[]): string {
  const positions = [...situation].map((mark, index) => ({ mark, index })).sort((a, b) => (a.mark < b.mark ? -1 : 1));
  return positions.reduce((pattern, { index }) => {
    const wider = `${pattern.slice(0, index)}-${pattern.slice(index + 1)}`;
    return others.some((other) => matches(wider, other)) ? pattern : wider;
  }, situation);
}
