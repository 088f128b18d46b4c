/** The principals and resources that the policy matrices and the access table speak of. */
import type { GranteeId, OrganizationId } from '../ids.js';
import type { Principal } from '../principal.js';
import type { PolicySubject, Scalar } from './conditions.js';
import { Findings, readYaml, type YamlNode, YamlReader } from './policy-files.js';
import { readMembership } from './roles.js';

export interface Testdata {
  readonly principals: ReadonlyMap<string, Principal>;
  readonly resources: ReadonlyMap<string, PolicySubject>;
}

/** Reads `tests/testdata` of a policy folder; throws a PolicyError when it does not fit. A principal's name is its id. */
export function loadTestdata(directory: string): Testdata {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  const read = <T>(name: string, make: (name: string, node: YamlNode) => T | null): ReadonlyMap<string, T> => {
    const root = readYaml(directory, `tests/testdata/${name}.yaml`, findings);
    return new Map(
      [...reader.entries(root, name)].flatMap(([key, node]) => {
        const made = make(key, node);
        return made === null ? [] : [[key, made]];
      }),
    );
  };
  const principals = read('principals', (name, node) => readPrincipal(name, node, reader));
  const resources = read('resources', (name, node) => readResource(name, node, reader));
  findings.throwIfAny();
  return { principals, resources };
}

function readPrincipal(name: string, node: YamlNode, reader: YamlReader): Principal | null {
  const entries = reader.record(node, name, ['kind', 'role', 'organizationId', 'groupIds', 'permissionSets']);
  const membership = readMembership(name, entries, node.at, reader);
  const organization = entries.get('organizationId');
  const organizationId = organization ? reader.text(organization, `the organizationId of ${name}`) : null;
  const groups = entries.get('groupIds');
  const groupIds = groups ? reader.texts(groups, `the groupIds of ${name}`) : [];
  const sets = entries.get('permissionSets');
  const permissionSets = sets ? reader.texts(sets, `the permissionSets of ${name}`) : [];
  if (organizationId === null) reader.findings.add(node.at, 'missing-key', `${name} must have an organizationId`);
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

function readResource(name: string, node: YamlNode, reader: YamlReader): PolicySubject | null {
  const { type, ...attributes } = Object.fromEntries(reader.entries(node, name));
  const typeName = type ? reader.text(type, `the type of ${name}`) : null;
  if (typeName === null) {
    reader.findings.add(node.at, 'missing-key', `${name} must have a type`);
    return null;
  }
  const values = Object.entries(attributes).map(([key, value]): [string, Scalar | readonly string[]] => [
    key,
    value.kind === 'scalar' ? value.value : reader.texts(value, `${name}.${key}`),
  ]);
  return { type: typeName, attributes: Object.fromEntries(values) };
}
