/** Who asks: the one shape that every decision, audit record and rate limit starts from. */
import type { GranteeId, OrganizationId } from './ids.js';

export type PersonRole = 'ADMIN' | 'MEMBER' | 'AUDITOR';
export type PrincipalKind = 'PERSON' | 'SERVICE_ACCOUNT';

export interface Principal {
  readonly kind: PrincipalKind;
  readonly id: GranteeId;
  readonly organizationId: OrganizationId;
  readonly name: string;
  /** A person's role in the organization; null for a service account. */
  readonly role: PersonRole | null;
  /** The names of what its custom roles are composed of, sorted. They count as far as the policies offer them. */
  readonly permissionSets: readonly string[];
  readonly groupIds: readonly GranteeId[];
  /** Everything a grant may name to reach this principal: itself, its groups, and the organization (Team access). */
  readonly granteeIds: readonly string[];
}
