/** JSON as a type, and the depth of a text of it, which is bounded before anything walks the value by recursion. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Levels of arrays and objects inside of each other in a value that `JSON.parse` made; 0 for a scalar. */
export function jsonDepth(value: JsonValue): number {
  let depth = 0;
  let level: readonly JsonValue[] = [value];
  for (;;) {
    const containers = level.filter((item) => typeof item === 'object' && item !== null);
    if (containers.length === 0) return depth;
    depth += 1;
    level = containers.flatMap((item) => Object.values(item as object) as JsonValue[]);
  }
}
