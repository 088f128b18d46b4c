import { rolesOf } from '../../authz/index.js';
import type { RequestContext } from '../../graphql/context.js';
import { OrganizationEntity } from './organization.entity.js';
import { Viewer } from './viewer.type.js';

/** Who the caller is, and what the policy lets them call. */
export async function viewer(ctx: RequestContext): Promise<Viewer> {
  const { principal, authz, loaders } = ctx;
  const [self, groups, customRoles, organization] = await Promise.all([
    loaders.grantees.load(principal.id),
    Promise.all(principal.groupIds.map((id) => loaders.grantees.load(id))),
    loaders.customRolesOfHolder.load(principal.id),
    ctx.database.read(OrganizationEntity, { id: principal.organizationId }),
  ]);
  if (organization === null) throw new Error('the organization of the principal is missing');
  const { policies } = ctx.services;
  const counted = rolesOf(policies, principal);
  const operations = policies.catalogue.subjects.get('Operation')?.fields.get('call') ?? [];
  return new Viewer(principal, {
    email: self?.email ?? null,
    groups: groups.filter((group) => group !== null).sort((a, b) => (a.name < b.name ? -1 : 1)),
    customRoles,
    permissionSets: principal.permissionSets.filter((name) => counted.includes(name)),
    organization,
    policyVersion: authz.policyVersion,
    operations: [...operations].filter((name) => authz.fieldMask('Operation', name, 'call') === 'always').sort(),
  });
}
