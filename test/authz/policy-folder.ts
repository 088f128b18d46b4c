/** Policy folders made for one test: the catalogue and roles of the product unless the test brings its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadPolicies, PolicyError, type PolicySet } from '../../src/authz/index.js';
import type { GranteeId, OrganizationId } from '../../src/ids.js';
import type { Principal } from '../../src/principal.js';
import { productPolicies } from '../support/example-policies.js';

/** Paths in the folder and their text; null leaves the file out. */
export type PolicyFiles = Readonly<Record<string, string | null>>;

export function withPolicyFolder<Result>(files: PolicyFiles, use: (directory: string) => Result): Result {
  const parent = mkdtempSync(join(tmpdir(), 'nightsafe-policies-'));
  const directory = join(parent, 'policies');
  const defaults = Object.fromEntries(
    ['catalogue.yaml', 'roles.yaml'].map((path) => [path, readFileSync(join(productPolicies, path), 'utf8')]),
  );
  try {
    mkdirSync(directory);
    for (const [path, text] of Object.entries({ ...defaults, ...files })) {
      if (text === null) continue;
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return use(directory);
  } finally {
    rmSync(parent, { recursive: true });
  }
}

export const policiesFrom = (files: PolicyFiles): PolicySet => withPolicyFolder(files, loadPolicies);

/** The lines of the PolicyError that the folder is refused with; empty when it loads. */
export function findingsOf(files: PolicyFiles): readonly string[] {
  try {
    policiesFrom(files);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split('\n');
    throw error;
  }
}

/** A member of `acme` in the group `ops`. */
export const member: Principal = {
  kind: 'PERSON',
  id: 'max' as GranteeId,
  organizationId: 'acme' as OrganizationId,
  name: 'Max',
  role: 'MEMBER',
  permissionSets: [],
  groupIds: ['ops' as GranteeId],
  granteeIds: ['max', 'ops', 'acme'],
};

export const admin: Principal = {
  ...member,
  id: 'ada' as GranteeId,
  role: 'ADMIN',
  groupIds: [],
  granteeIds: ['ada', 'acme'],
};
export const auditor: Principal = { ...member, role: 'AUDITOR' };
