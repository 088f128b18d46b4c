/** A process that runs an api, and writes down all objects of its heap when its parent names a file for them. */
import { writeHeapSnapshot } from 'node:v8';
import { newTeam, startTestApi } from '../support/api.js';

export interface Serving {
  readonly url: string;
  readonly token: string | null;
}

/** What a process that remembers something looks like: the search must find this. */
let remembered = '';

process.on('message', async ({ remember, snapshot }: { readonly remember?: string; readonly snapshot?: string }) => {
  if (remember !== undefined) remembered = remember.toUpperCase();
  if (snapshot !== undefined) {
    // Several rounds, since finalizers of one round let go of what the next one frees.
    for (let round = 0; round < 4; round += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    writeHeapSnapshot(snapshot);
  }
  process.send?.({ isRemembering: remembered !== '' });
});
process.on('disconnect', () => void api.close());

const api = await startTestApi();
const { alice } = await newTeam(api);
process.send?.({ url: alice.url, token: alice.token } satisfies Serving);
