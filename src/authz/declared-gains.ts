/** The gains of access that a change of the policies declares, in `changes/*.yaml`, one file for each change. */
import type { Cell } from './cases.js';
import type { Term } from './conditions.js';
import type { Revision } from './diff-definitions.js';
import { Findings, type Location, readYaml, type YamlNode, YamlReader } from './policy-files.js';
import { filesIn } from './policy-folder.js';
import { namesOf } from './roles.js';
import { readWhen, requireKnown } from './rules.js';

/** `roles` may name permission sets. */
export interface DeclaredGain {
  readonly roles: readonly string[];
  readonly subject: string;
  readonly actions: readonly string[];
  /** Of an action that is decided field by field; null for other actions. */
  readonly fields: readonly string[] | null;
  /** Who gains it, and on which objects: all of them must hold. */
  readonly who: readonly Term[];
  readonly why: string;
  readonly at: Location;
}

/** The cells that are declared to be gained. */
export const cellsIn = ({ actions, fields }: DeclaredGain): readonly Cell[] =>
  actions.flatMap((action): readonly Cell[] => fields?.map((field) => ({ action, field })) ?? [{ action }]);

/** Whoever gains a field of an object may learn by it that there is the object. */
export const covers = ({ actions, fields }: DeclaredGain, { action, field }: Cell): boolean =>
  actions.includes(action) && (fields === null ? field === undefined : field === undefined || fields.includes(field));

/** The files in `changes/` of the folder that the other one does not have; throws a PolicyError for what is no such file. */
export function newChanges(directory: string, other: string): readonly string[] {
  const findings = new Findings();
  const old = new Set(filesIn(other, 'changes', new Findings()));
  const added = filesIn(directory, 'changes', findings).filter((path) => !old.has(path));
  findings.throwIfAny();
  return added;
}

/** Reads these files of the folder against its own catalogue and roles; throws a PolicyError when one does not fit. */
export function readDeclaredGains(
  directory: string,
  paths: readonly string[],
  revision: Revision,
): readonly DeclaredGain[] {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  const gains = paths.flatMap((path) => {
    const change = readYaml(directory, path, findings);
    return change ? readChange(change, revision, reader) : [];
  });
  findings.throwIfAny();
  return gains;
}

function readChange(node: YamlNode, revision: Revision, reader: YamlReader): readonly DeclaredGain[] {
  const entries = reader.record(node, 'a change', ['why', 'gains']);
  const whyNode = entries.get('why');
  const gainsNode = entries.get('gains');
  if (!whyNode) reader.findings.add(node.at, 'missing-key', 'the change has no "why"');
  if (!gainsNode) reader.findings.add(node.at, 'missing-key', 'the change has no "gains"');
  const why = (whyNode && reader.text(whyNode, `the change's why`)) ?? '';
  const gains = gainsNode ? reader.items(gainsNode, `the change's gains`) : [];
  return gains.flatMap((gain) => readGain(gain, why, revision, reader) ?? []);
}

const gainKeys = ['roles', 'subject', 'actions', 'fields', 'who'];

function readGain(node: YamlNode, why: string, revision: Revision, reader: YamlReader): DeclaredGain | null {
  const { catalogue } = revision;
  const entries = reader.record(node, 'a gain', gainKeys);
  const names = (key: string, require: (name: string, at: Location) => void): readonly string[] => {
    const value = entries.get(key);
    const listed = value ? reader.texts(value, `the gain's ${key}`) : [];
    const at = value?.at ?? node.at;
    if (listed.length === 0) reader.findings.add(at, 'empty-list', `the gain's ${key} must not be empty`);
    for (const name of listed) require(name, at);
    return listed;
  };
  const subjectNode = entries.get('subject');
  const subjectName = subjectNode ? reader.text(subjectNode, `the gain's subject`) : null;
  if (!subjectNode) reader.findings.add(node.at, 'missing-key', 'the gain has no "subject"');
  if (!subjectNode || subjectName === null) return null;
  requireKnown(subjectName, 'subject', null, catalogue.subjects.keys(), subjectNode.at, reader);
  const subject = catalogue.subjects.get(subjectName);
  if (!subject) return null;

  const to = names('roles', (name, at) => requireKnown(name, 'role', null, namesOf(revision), at, reader));
  const actions = names('actions', (name, at) => requireKnown(name, 'action', subject, subject.actions, at, reader));
  const byField = actions.find((action) => subject.fields.has(action));
  const known = [...((byField && subject.fields.get(byField)) ?? [])];
  const fields = entries.has('fields')
    ? names('fields', (name, at) => requireKnown(name, 'field', subject, known, at, reader))
    : null;
  if (byField && fields === null) {
    reader.findings.add(node.at, 'missing-fields', `a gain of ${byField} must list its fields`);
  }
  if (fields !== null && (!byField || actions.length > 1)) {
    const possible = [...subject.fields.keys()].join(', ');
    reader.findings.add(node.at, 'misplaced-fields', `a gain with fields has one action, one of: ${possible}`);
  }
  const whoNode = entries.get('who');
  const who = whoNode ? readWhen(whoNode, `the gain's who`, subject, reader).map(({ term }) => term) : [];
  return { roles: to, subject: subject.name, actions, fields, who, why, at: node.at };
}
