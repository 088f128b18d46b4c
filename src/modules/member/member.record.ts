/** A member as verbs and presenters know them, and what rules may ask about them. */
import type { PolicySubject } from '../../authz/index.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import type { PersonRole } from '../../principal.js';
import type { GranteeRow } from './grantee-row.js';
import type { AccountStateName } from './member.enums.js';

/** Plain data that survives JSON: an idempotent answer is kept in this form. */
export interface MemberRecord {
  readonly organizationId: OrganizationId;
  readonly id: GranteeId;
  readonly name: string;
  readonly email: string | null;
  readonly role: PersonRole;
  readonly state: AccountStateName;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** @param person a row of a person, who always has a role and is never deleted. */
export const memberRecord = (person: GranteeRow): MemberRecord => ({
  organizationId: person.organizationId,
  id: person.id,
  name: person.name,
  email: person.email,
  role: person.role as PersonRole,
  state: person.state as AccountStateName,
  createdAt: person.createdAt,
  updatedAt: person.updatedAt,
});

export const memberSubject = ({ organizationId, id }: Pick<MemberRecord, 'organizationId' | 'id'>): PolicySubject => ({
  type: 'Member',
  attributes: { organizationId, id },
});
