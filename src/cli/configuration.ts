import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeVariables } from '../config.js';
import { packageRoot } from '../paths.js';
import { readOptions } from './usage.js';

/** Prints the page on the settings, or writes it to docs/configuration.md. */
export async function configuration(args: string[]): Promise<number> {
  const options = readOptions(args, { write: { type: 'boolean' } });
  const file = join(packageRoot, 'docs/configuration.md');
  if (options.write) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, page());
  } else process.stdout.write(page());
  return 0;
}

const introduction = `# Configuration

Settings are environment variables. An empty one counts as not set. The first one that is wrong, or that begins with \`NIGHTSAFE_\` and
is not in this table, stops the start with one sentence. Paths may be relative to the working folder; a setting in a default stands for
its value. \`nightsafe configuration --write\` writes this page from the code.
`;

function page(): string {
  const rows = describeVariables().map(
    ({ name, default: value, description }) => `| \`${name}\` | ${code(value)} | ${cell(description)} |`,
  );
  return [introduction, '| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Words stay words; what could be typed is set as code. */
function code(value: string): string {
  if (value === '') return 'none';
  return /\s/.test(value) ? cell(value) : `\`${cell(value)}\``;
}
