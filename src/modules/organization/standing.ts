/** What a right of a person or a service account follows from, as one signed document: here for whoever signs and whoever verifies. */
import type { CustomRoleId, GranteeId, OrganizationId } from '../../ids.js';
import type { PersonRole } from '../../principal.js';
import { personDocument, serviceAccountDocument } from '../../vault/documents.js';
import type { Verifier } from '../../vault/sign.js';
import { mustBeSigned } from '../../vault/signed-row.js';
import type { GranteeKind } from './organization.entity.js';

export interface Standing {
  readonly organizationId: OrganizationId;
  readonly id: GranteeId;
  readonly kind: GranteeKind;
  readonly role: PersonRole | null;
  readonly state: string;
  /** People alone are in groups. */
  readonly groupIds: readonly GranteeId[];
  readonly customRoleIds: readonly CustomRoleId[];
  readonly revision: number;
}

/** Null where nothing is signed: for a group, which its members' documents name, a person without a role, a service account in a group. */
export function standingDocument(standing: Standing): Uint8Array | null {
  const { organizationId, id, kind, role, state, groupIds, customRoleIds, revision } = standing;
  switch (kind) {
    case 'PERSON':
      return role === null
        ? null
        : personDocument({ organizationId, personId: id, role, state, groupIds, customRoleIds, revision });
    case 'SERVICE_ACCOUNT':
      return groupIds.length > 0
        ? null
        : serviceAccountDocument({ organizationId, serviceAccountId: id, state, customRoleIds, revision });
    case 'GROUP':
      return null;
  }
}

/** Throws an UnsignedRowError for a person or a service account that is not as the api signed it. */
export function mustBeStanding(verifier: Verifier, standing: Standing, signature: Uint8Array | null): void {
  if (standing.kind === 'GROUP') return;
  mustBeSigned(verifier, { table: 'grantee', id: standing.id, document: standingDocument(standing), signature });
}
