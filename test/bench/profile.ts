/** Where the api's time goes, from a profile that Node.js took: the self time of each function, added up by what it belongs to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly of: string;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

/** The parts of the only profile in a folder, largest first. */
export function readProfile(folder: string): Share[] {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the api has left no profile');
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  const ownerOf = new Map(nodes.map(({ id, callFrame }) => [id, owner(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = ownerOf.get(id) ?? '(unknown)';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  times.delete('(idle)');
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([of, time]) => ({ of, share: time / busy })).sort((a, b) => b.share - a.share);
}

function owner({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName !== undefined) return packageName;
  const folder = /\/src\/((?:modules\/)?[\w-]+)/.exec(url)?.[1];
  if (folder !== undefined) return `src/${folder}`;
  if (url.startsWith('node:')) return 'node';
  return url === '' && functionName.startsWith('(') ? functionName : 'native code';
}
