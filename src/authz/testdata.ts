/** The principals and resources that the policy matrices and the access table speak of. */
import type { GranteeId, OrganizationId } from '../ids.js';
import type { Principal } from '../principal.js';
import type { AttributeDeclaration, Catalogue, SubjectDeclaration } from './catalogue.js';
import type { PolicySubject, Scalar } from './conditions.js';
import type { PolicySet } from './load-policies.js';
import { Findings, readYaml, type YamlNode, YamlReader } from './policy-files.js';
import { filesIn } from './policy-folder.js';
import { type Roles, readMembership } from './roles.js';
import { requireKnown } from './rules.js';

export interface Testdata {
  readonly principals: ReadonlyMap<string, Principal>;
  readonly resources: ReadonlyMap<string, PolicySubject>;
}

/**
 * Reads `tests/testdata` of a policy folder; throws a PolicyError when it does not fit the catalogue and the roles. A principal's name
 * is its id. A resource may lack attributes: a rule that reads one of them is then no rule that could decide about it.
 */
export function loadTestdata(
  directory: string,
  policies: Pick<PolicySet, 'catalogue' | 'roles' | 'permissionSets'>,
): Testdata {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  for (const folder of ['tests', 'tests/testdata'] as const) {
    filesIn(directory, folder, findings);
    findings.throwIfAny();
  }
  const read = <T>(file: string, make: (name: string, node: YamlNode) => T | null): ReadonlyMap<string, T> => {
    const root = readYaml(directory, `tests/testdata/${file}.yaml`, findings);
    return new Map(
      [...(root ? reader.entries(root, file) : [])].flatMap(([name, node]) => {
        requireName(name, node, reader);
        const made = make(name, node);
        return made === null ? [] : [[name, made]];
      }),
    );
  };
  const principals = read('principals', (name, node) => readPrincipal(name, node, policies, reader));
  const resources = read('resources', (name, node) => readResource(name, node, policies.catalogue, reader));
  findings.throwIfAny();
  return { principals, resources };
}

/** A name may be an id of the database, which a rule names, too. Cells are named by several of them, with spaces between. */
function requireName(name: string, { at }: YamlNode, { findings }: YamlReader): void {
  if (!/^[\w.@:-]+$/.test(name))
    findings.add(at, 'invalid-id', `"${name}" must be of letters, digits, hyphens, underscores, dots, colons and @`);
}

function readPrincipal(name: string, node: YamlNode, roles: Roles, reader: YamlReader): Principal | null {
  const entries = reader.record(node, name, ['kind', 'role', 'organizationId', 'groupIds', 'permissionSets']);
  const membership = readMembership(name, entries, node.at, reader);
  const organization = entries.get('organizationId');
  const organizationId = organization ? reader.text(organization, `the organizationId of ${name}`) : null;
  const groups = entries.get('groupIds');
  const groupIds = groups ? reader.texts(groups, `the groupIds of ${name}`) : [];
  const sets = entries.get('permissionSets');
  const permissionSets = sets ? reader.texts(sets, `the permissionSets of ${name}`) : [];
  const known = roles.permissionSets.map((set) => set.name);
  for (const set of permissionSets.filter((each) => !known.includes(each))) {
    const message = `unknown permission set "${set}"; known: ${known.join(', ') || 'none'}`;
    reader.findings.add(sets?.at ?? node.at, 'unknown-role', message);
  }
  if (!organization) reader.findings.add(node.at, 'missing-key', `${name} must have an organizationId`);
  if (membership === null || organizationId === null) return null;
  return {
    ...membership,
    permissionSets: permissionSets.toSorted(),
    id: name as GranteeId,
    name,
    organizationId: organizationId as OrganizationId,
    groupIds: groupIds as readonly GranteeId[],
    granteeIds: [name, ...groupIds, organizationId],
  };
}

function readResource(name: string, node: YamlNode, catalogue: Catalogue, reader: YamlReader): PolicySubject | null {
  const entries = reader.entries(node, name);
  const type = entries.get('type');
  const typeName = type ? reader.text(type, `the type of ${name}`) : null;
  if (!type) reader.findings.add(node.at, 'missing-key', `${name} must have a type`);
  if (!type || typeName === null) return null;
  requireKnown(typeName, 'subject', null, catalogue.subjects.keys(), type.at, reader);
  const declaration = catalogue.subjects.get(typeName);
  if (!declaration) return null;
  const attributes = new Map<string, Scalar | readonly string[]>();
  for (const [key, value] of entries) {
    if (key === 'type') continue;
    requireKnown(key, 'attribute', declaration, declaration.attributes.keys(), value.at, reader);
    const declared = declaration.attributes.get(key);
    const read = declared && readAttribute(`${name}.${key}`, value, declared, reader);
    if (read !== undefined) attributes.set(key, read);
  }
  requireContainment(name, node, declaration, attributes, reader);
  return { type: typeName, attributes: Object.fromEntries(attributes) };
}

/** A value that the attribute may have; undefined, with a finding, for any other. */
function readAttribute(
  what: string,
  node: YamlNode,
  declared: AttributeDeclaration,
  reader: YamlReader,
): Scalar | readonly string[] | undefined {
  const refuse = (code: 'wrong-type' | 'impossible-constant', message: string): undefined => {
    reader.findings.add(node.at, code, `${what} ${message}`);
  };
  if (declared.type === 'set') {
    return node.kind === 'list' ? reader.texts(node, what) : refuse('wrong-type', 'is a set: write a list');
  }
  if (node.kind !== 'scalar') return refuse('wrong-type', `must be one ${declared.type}`);
  if (node.value === null) {
    return declared.nullable ? null : refuse('impossible-constant', 'is never null in the catalogue');
  }
  if (typeof node.value !== declared.type) return refuse('wrong-type', `must be a ${declared.type}`);
  if (declared.values && !declared.values.some((value) => value === node.value)) {
    return refuse('impossible-constant', `must be one of ${declared.values.join(', ')}`);
  }
  return node.value;
}

/** An object that breaks a promise of the catalogue about its sets does not occur, so that no test should be about it. */
function requireContainment(
  name: string,
  { at }: YamlNode,
  { attributes: declared }: SubjectDeclaration,
  attributes: ReadonlyMap<string, Scalar | readonly string[]>,
  { findings }: YamlReader,
): void {
  for (const [key, attribute] of declared) {
    if (attribute.type !== 'set' || attribute.subsetOf === null) continue;
    const inner = attributes.get(key);
    const outer = attributes.get(attribute.subsetOf);
    if (!Array.isArray(inner) || !Array.isArray(outer) || inner.every((element) => outer.includes(element))) continue;
    const message = `${name}.${key} has elements that ${attribute.subsetOf} has not, of which it is a subset in the catalogue`;
    findings.add(at, 'impossible-constant', message);
  }
}
