/** Tells that something in a policy folder changed, for development. Folders are watched, not files: editors replace files. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

const folders = ['.', 'rules', 'tests', 'tests/testdata'];

/** An editor, and git all the more, writes in several steps; in milliseconds. */
const calm = 200;

/**
 * Calls `onChange` once things have been calm for a moment. A folder that is gone is waited for, however long that takes. Returns what
 * ends the watch.
 */
export function watchPolicies(folder: string, onChange: () => void): () => void {
  let watchers: readonly FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;

  const end = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const begin = () => {
    end();
    watchers = folders.flatMap((name) => watchOne(join(folder, name), noticed));
  };
  const noticed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A folder may have been replaced by another one of its name.
      begin();
      if (!existsSync(folder)) awaitFolder();
      onChange();
    }, calm);
  };
  /** Nothing tells of what is not there: it is looked for. */
  const awaitFolder = () => {
    timer = setTimeout(() => (existsSync(folder) ? noticed() : awaitFolder()), calm).unref();
  };
  begin();
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** None when the folder is not there. */
function watchOne(path: string, noticed: () => void): readonly FSWatcher[] {
  try {
    return [watch(path, noticed).on('error', noticed).unref()];
  } catch {
    return [];
  }
}
