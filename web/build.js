/**
 * Bundles the playground for the browser: `node web/build.js [output folder]`, by default into dist/playground.
 * Everything that the page loads is in that folder, fonts and workers too. Does nothing while the output is newer than
 * its sources. The API serves index.html at GET /graphql and the folder under /playground/.
 */
import { copyFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const sources = join(root, 'web');
const outdir = resolve(process.argv[2] ?? join(root, 'dist/playground'));
/** Copied last, so that its time marks a finished build. */
const page = join(outdir, 'index.html');

/** @param {string} path of a file or folder; 0 for one that does not exist */
const modifiedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isUpToDate() {
  const inputs = [sources, ...readdirSync(sources, { recursive: true }).map((path) => join(sources, String(path)))];
  const newestInput = Math.max(...[...inputs, join(root, 'package-lock.json')].map(modifiedAt));
  return modifiedAt(page) > newestInput;
}

async function bundle() {
  /** @type {import('esbuild').BuildOptions} */
  const shared = { absWorkingDir: root, outdir, bundle: true, minify: true, target: 'es2022', metafile: true };
  const bundles = await Promise.all([
    build({
      ...shared,
      entryPoints: { playground: 'web/playground/main.tsx' },
      format: 'esm',
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      // GraphiQL's one style sheet, bundled below, holds Monaco's styles and icons already.
      loader: { '.css': 'empty', '.ttf': 'empty' },
    }),
    build({
      ...shared,
      entryPoints: {
        'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
        'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
        'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      },
      format: 'iife',
    }),
    build({ ...shared, entryPoints: { playground: 'web/playground/playground.css' } }),
  ]);
  copyFileSync(join(sources, 'playground/icon.svg'), join(outdir, 'icon.svg'));
  copyFileSync(join(sources, 'playground/index.html'), page);
  return bundles.flatMap(({ metafile }) => Object.entries(metafile.outputs));
}

if (!isUpToDate()) {
  // The names of chunks change with their content, so those of an earlier build would stay behind.
  rmSync(join(outdir, 'chunks'), { recursive: true, force: true });
  const outputs = await bundle();
  const megabytes = (/** @type {string} */ ending) =>
    (outputs.reduce((sum, [path, { bytes }]) => sum + (path.endsWith(ending) ? bytes : 0), 0) / 1e6).toFixed(1);
  console.log(`playground: ${megabytes('.js')} MB of scripts, ${megabytes('.css')} MB of styles in ${outdir}`);
}
