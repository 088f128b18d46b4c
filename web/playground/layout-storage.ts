/** What GraphiQL may write to the disk of the person at the browser: how the page looks, never what was typed into it. */

/** The part of the Web Storage interface that is needed. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const layoutKeys: readonly string[] = [
  'graphiql:theme',
  'graphiql:visiblePlugin',
  'graphiql:docExplorerFlex',
  'graphiql:editorFlex',
  'graphiql:secondaryEditorFlex',
];

/**
 * The storage to give to GraphiQL. Theme and layout reach `store`. Anything else, known or new, is dropped: tabs, queries,
 * variables, headers and history may hold a secret value, and GraphiQL keeps the open ones in memory by itself.
 */
export class LayoutStorage implements KeyValueStorage {
  constructor(private readonly store: KeyValueStorage) {}

  get length(): number {
    return layoutKeys.filter((key) => this.getItem(key) !== null).length;
  }

  getItem(key: string): string | null {
    return layoutKeys.includes(key) ? this.store.getItem(stored(key)) : null;
  }

  setItem(key: string, value: string): void {
    if (layoutKeys.includes(key)) this.store.setItem(stored(key), value);
  }

  removeItem(key: string): void {
    if (layoutKeys.includes(key)) this.store.removeItem(stored(key));
  }

  clear(): void {
    for (const key of layoutKeys) this.removeItem(key);
  }
}

/** Apart from the keys of any other GraphiQL that was served from the same origin. */
const stored = (key: string): string => `nightsafe:${key}`;
