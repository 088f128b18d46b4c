/** The sources as text and as the graph of what imports what, for rules about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packageRoot } from '../../src/paths.js';

export interface SourceFile {
  /** From the package's root, such as `src/vault/open.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file of `src`, by path. */
export const sourceFiles: readonly SourceFile[] = readdirSync(join(packageRoot, 'src'), {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map(({ parentPath, name }) => join(parentPath, name))
  .map((path) => ({
    path: relative(packageRoot, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));

/** The paths of the files in which the pattern is found. */
export const filesWith = (pattern: RegExp): string[] =>
  sourceFiles.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

/** Every line in which the pattern is found, as `path: line`. */
export const linesWith = (pattern: RegExp, files: readonly SourceFile[] = sourceFiles): string[] =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );

/** An import of a package for its values or its types. */
export const importsPackage = (name: string): RegExp => new RegExp(`(from|import\\(?) ?'${name}(/[^']*)?'`);

type Graph = ReadonlyMap<string, readonly { readonly path: string; readonly isDynamic: boolean }[]>;

let graph: Promise<Graph> | null = null;

/** The graph of the compiled modules, which are what runs: imports of types alone are gone from it. */
export function importGraph(): Promise<Graph> {
  graph ??= readGraph();
  return graph;
}

async function readGraph(): Promise<Graph> {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../../', import.meta.url)),
    entryPoints: sourceFiles.map(({ path }) => path.replace(/\.ts$/, '.js')),
    outdir: 'unused',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const typeScript = (path: string): string => path.replace(/\.js$/, '.ts');
  return new Map(
    Object.entries(metafile.inputs).map(([path, { imports }]) => [
      typeScript(path),
      imports
        .filter(({ external }) => external !== true)
        .map((to) => ({ path: typeScript(to.path), isDynamic: to.kind === 'dynamic-import' })),
    ]),
  );
}

/** All files that are loaded, or may be loaded later, once the entry is; the entry included. */
export function reachable(graph: Graph, entry: string, { withDynamic = true } = {}): Set<string> {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    const imports = graph.get(path);
    if (imports === undefined) throw new Error(`${path} is not in the graph`);
    for (const to of imports) if (withDynamic || !to.isDynamic) visit(to.path);
  };
  visit(entry);
  return reached;
}
