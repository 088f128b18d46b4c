/** What a replay found, in sentences for people who read policies and no code. */
import {
  listed,
  type ReplayedChange,
  type ReplayReport,
  subjectWords,
  type Verdict,
  withArticle,
} from '../authz/index.js';
import { count, strong } from './policy-output.js';
import { grouped } from './policy-progress.js';
import type { LiveChange, LiveReport } from './policy-replay-live.js';

type Alike = Pick<
  ReplayedChange,
  'roles' | 'permissionSets' | 'subjectType' | 'action' | 'field' | 'decisions' | 'principals' | 'example'
>;

/** Such as: A member loses `use` on secret keys: secret-key/use allowed it, no rule allows it. */
export function replaySentence(change: ReplayedChange): string {
  const { effect, before, after } = change;
  const verb =
    effect === 'gain' ? 'gains' : effect === 'loss' ? 'loses' : after.effect === 'allow' ? 'keeps' : 'is still denied';
  const reason =
    effect === 'same' ? `${ruleOf(before)} decided, ${ruleOf(after)} does now` : `${did(before)}, ${does(after)}`;
  return `${who(change)} ${verb} ${deed(change)}: ${reason}.`;
}

const ruleOf = ({ ruleId }: Verdict): string => ruleId ?? 'no rule';
const did = (verdict: Verdict): string =>
  verdict.ruleId === null
    ? 'no rule allowed it'
    : `${verdict.ruleId} ${verdict.effect === 'allow' ? 'allowed' : 'denied'} it`;
const does = (verdict: Verdict): string =>
  verdict.ruleId === null
    ? 'no rule allows it now'
    : `${verdict.ruleId} ${verdict.effect === 'allow' ? 'allows' : 'denies'} it now`;

function who({ roles, permissionSets }: Pick<Alike, 'roles' | 'permissionSets'>): string {
  const role = roles.length === 0 ? 'a principal without a role' : listed(roles.map(withArticle), 'and');
  const given = permissionSets.map((name) => `\`${name}\``);
  const text = given.length === 0 ? role : `${role} who was given ${listed(given, 'and')}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const deed = ({ action, field, subjectType }: Pick<Alike, 'action' | 'field' | 'subjectType'>): string =>
  `\`${action}\`${field === null ? '' : ` of \`${field}\``} on ${subjectWords(subjectType)}s`;

function extent({ decisions, principals, example }: Alike): string {
  const when = new Date(example.occurredAt).toISOString();
  const numbers = `${counted(decisions, 'decision')} of ${counted(principals, 'principal')}`;
  return `  ${numbers}. For example ${example.id} of ${when}, asked by ${example.principal.id}.`;
}

const counted = (number: number, thing: string): string =>
  count(number, thing).replace(String(number), grouped(number));

export function replayText(title: string, { decisions, changes, undecided, contradictions }: ReplayReport): string {
  const those = (effect: ReplayedChange['effect']) => changes.filter((change) => change.effect === effect);
  const lines = (effect: ReplayedChange['effect']) =>
    those(effect).map((change) => `- ${replaySentence(change)}\n${extent(change)}`);
  const sum = (alike: readonly Alike[]): string => grouped(alike.reduce((total, each) => total + each.decisions, 0));
  const sections: Sections = [
    ['Gains', lines('gain')],
    ['Losses', lines('loss')],
    ['Decided by another rule', lines('same')],
    [
      'Not decided',
      undecided.map(
        (each) =>
          `- ${who(each)}, ${deed(each)}: ${each.revision} reads ${each.lacks}, which the log does not hold.\n${extent(each)}`,
      ),
    ],
    [
      'Logged otherwise than decided by the same policies',
      contradictions.map(
        (each) =>
          `- ${who(each)}, ${deed(each)}: the log has ${verdictText(each.logged)}, ${each.revision} decides ${verdictText(each.replayed)}.\n${extent(each)}`,
      ),
    ],
  ];
  const counts = [
    `decisions: ${grouped(decisions)}`,
    `gains: ${sum(those('gain'))}`,
    `losses: ${sum(those('loss'))}`,
    `by another rule: ${sum(those('same'))}`,
    `not decided: ${sum(undecided)}`,
    `logged otherwise: ${sum(contradictions)}`,
  ];
  return textOf(title, sections, counts);
}

const verdictText = ({ effect, ruleId }: Verdict): string => `${effect} by ${ruleId ?? 'no rule'}`;

/** Such as: Max gains `delete` on 3 secret keys of acme, for example 0192…. */
export function liveSentence({ effect, principal, organization, subject, actions, rows, example }: LiveChange): string {
  const deeds = listed(
    actions.map((action) => `\`${action}\``),
    'and',
  );
  const objects = counted(rows, subjectWords(subject));
  return `${principal.name} (${principal.id}) ${effect === 'gain' ? 'gains' : 'loses'} ${deeds} on ${objects} of ${organization}, for example ${example}.`;
}

export function liveText(title: string, { principals, compared, changes }: LiveReport): string {
  const those = (effect: LiveChange['effect']) => changes.filter((change) => change.effect === effect);
  const lines = (effect: LiveChange['effect']) => those(effect).map((change) => `- ${liveSentence(change)}`);
  const sections: Sections = [
    ['Gains', lines('gain')],
    ['Losses', lines('loss')],
  ];
  const counts = [
    `principals: ${grouped(principals)}`,
    `lists compared: ${grouped(compared)}`,
    `gains: ${grouped(those('gain').length)}`,
    `losses: ${grouped(those('loss').length)}`,
  ];
  return textOf(title, sections, counts);
}

type Sections = readonly (readonly [string, readonly string[]])[];

function textOf(title: string, sections: Sections, counts: readonly string[]): string {
  const blocks = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [strong(name), ...lines].join('\n'));
  return `${[title, ...blocks, counts.join(', ')].join('\n\n')}\n`;
}
