import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DecisionLineError, decisionLine, readDecisionLines } from '../audit/decision-lines.js';
import { countDecisions, readDecisions } from '../audit/decision-log.js';
import { type LoggedDecision, Replay, type ReplayReport } from '../authz/index.js';
import { folderOf, policyOptions } from './policy-output.js';
import { Progress } from './policy-progress.js';
import { compareLists, type LiveReport } from './policy-replay-live.js';
import { liveSentence, liveText, replaySentence, replayText } from './policy-replay-text.js';
import { readPlaces, type Side, sideJson, sideOptions, titleOf, withSides } from './policy-sides.js';
import { UsageError } from './usage.js';
import { verifierOf } from './verifier-of.js';
import { withDatabase } from './with-database.js';

/**
 * Decides the logged decisions again under two revisions of the policies and tells what differs; with `--live`, compares what the
 * principals of the database may do to the rows that are in it. Exit code 1 when something differs or could not be decided.
 */
export async function policyReplay(args: string[]): Promise<number> {
  const { values, positionals } = parsed(args);
  const { log, export: target, live, json } = values;
  if (live && (log !== undefined || target !== undefined)) {
    throw new UsageError('--live reads the rows of the database, and no log: leave --log and --export out');
  }
  if (log !== undefined && target !== undefined)
    throw new UsageError('--export writes the log of the database: leave --log out');
  return withSides(readPlaces(folderOf(values.policies), positionals, values), async (base, head) => {
    const found = live ? await compareLive(base, head) : await replayLog(base, head, log, target);
    process.stdout.write(json ? `${JSON.stringify(found.json, null, 2)}\n` : found.text);
    return found.isSame ? 0 : 1;
  });
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        ...policyOptions,
        ...sideOptions,
        log: { type: 'string' },
        export: { type: 'string' },
        live: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch {
    throw new UsageError(
      'this command takes BASE..HEAD, --log FILE, --export FILE, --live, --policies DIR, --base DIR, --head DIR and --json',
    );
  }
}

interface Found {
  readonly isSame: boolean;
  readonly text: string;
  readonly json: unknown;
}

async function replayLog(base: Side, head: Side, log: string | undefined, target: string | undefined): Promise<Found> {
  const replay = new Replay(base.policies, head.policies);
  if (log === undefined) await replayDatabase(replay, target);
  else await replayFile(replay, log);
  const report = replay.report();
  return {
    isSame: isSame(report),
    text: replayText(titleOf(base, head), report),
    json: {
      base: sideJson(base),
      head: sideJson(head),
      ...report,
      changes: report.changes.map((change) => ({ sentence: replaySentence(change), ...change })),
    },
  };
}

/** That another rule decides the same is told and changes nothing for anyone. */
const isSame = ({ changes, undecided, contradictions }: ReplayReport): boolean =>
  changes.every(({ effect }) => effect === 'same') && undecided.length + contradictions.length === 0;

async function replayDatabase(replay: Replay, target: string | undefined): Promise<void> {
  await withDatabase(async (database) => {
    const file = target === undefined ? null : openSync(target, 'w', 0o600);
    try {
      await addAll(replay, readDecisions(database), await countDecisions(database), (page) => {
        if (file !== null) writeSync(file, page.map(decisionLine).join(''));
      });
    } finally {
      if (file !== null) closeSync(file);
    }
    return 0;
  });
}

async function replayFile(replay: Replay, log: string): Promise<void> {
  try {
    await addAll(replay, readDecisionLines(log), null);
  } catch (error) {
    if (error instanceof DecisionLineError) throw new UsageError(`of --log, ${error.message}`);
    throw isFileError(error) ? new UsageError('--log names no file that can be read') : error;
  }
}

const isFileError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

async function addAll(
  replay: Replay,
  pages: AsyncIterable<readonly LoggedDecision[]>,
  total: number | null,
  alsoWith: (page: readonly LoggedDecision[]) => void = () => undefined,
): Promise<void> {
  const progress = new Progress('decisions', total);
  let done = 0;
  try {
    for await (const page of pages) {
      alsoWith(page);
      for (const decision of page) replay.add(decision);
      done += page.length;
      progress.show(done);
    }
  } finally {
    progress.end();
  }
}

async function compareLive(base: Side, head: Side): Promise<Found> {
  let report: LiveReport = { principals: 0, compared: 0, changes: [] };
  await withDatabase(async (database, config) => {
    report = await compareLists(database, verifierOf(config), base.policies, head.policies);
    return 0;
  });
  return {
    isSame: report.changes.length === 0,
    text: liveText(titleOf(base, head), report),
    json: {
      base: sideJson(base),
      head: sideJson(head),
      ...report,
      changes: report.changes.map((change) => ({ sentence: liveSentence(change), ...change })),
    },
  };
}
