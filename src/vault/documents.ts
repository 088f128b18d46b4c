/**
 * The exact bytes that the writer signs, one document for each kind of row. Every document begins with its type and
 * version, so that a signature of one kind is never one of another. A document has one encoding and an encoding one
 * document.
 */
import type {
  CustomRoleId,
  GranteeId,
  OrganizationId,
  RunId,
  SecretKeyId,
  ServiceTokenId,
  WorkflowId,
} from '../ids.js';
import type { PersonRole } from '../principal.js';
import { canonicalOrder, encode } from './encoding.js';
import type { SealedOrganizationKey, ValueBinding } from './seal.js';

/** A key: who may use it and where to, which value is its own, whether it was deleted. Grants, hosts, placements and uses are sets: their order has no meaning. */
export interface SignedAccess {
  readonly organizationId: OrganizationId;
  readonly secretKeyId: SecretKeyId;
  readonly accessRevision: number;
  /** Rules may ask for it. */
  readonly createdById: GranteeId | null;
  readonly accessLevel: 'TEAM' | 'RESTRICTED';
  readonly grants: readonly { readonly granteeId: GranteeId; readonly permission: 'USE' | 'MANAGE' }[];
  readonly allowedHosts: readonly string[];
  readonly placements: readonly string[];
  readonly uses: readonly string[];
  readonly allowsAnyHost: boolean;
  /** Milliseconds since 1970; null when the key never expires. */
  readonly expiresAt: number | null;
  readonly valueVersion: number;
  readonly deletedAt: number | null;
}

export interface SignedPerson {
  readonly organizationId: OrganizationId;
  readonly personId: GranteeId;
  readonly role: PersonRole;
  readonly state: string;
  /** Sets. All groups and custom roles are in the document, so that none can be put in, put back or taken away by hand. */
  readonly groupIds: readonly GranteeId[];
  readonly customRoleIds: readonly CustomRoleId[];
  readonly revision: number;
}

export interface SignedServiceAccount {
  readonly organizationId: OrganizationId;
  readonly serviceAccountId: GranteeId;
  readonly state: string;
  readonly customRoleIds: readonly CustomRoleId[];
  readonly revision: number;
}

export interface SignedCustomRole {
  readonly organizationId: OrganizationId;
  readonly customRoleId: CustomRoleId;
  /** A set. */
  readonly permissionSets: readonly string[];
  readonly revision: number;
}

/** Whom a verified token of an issuer stands for in an organization. */
export interface SignedIdentity {
  readonly organizationId: OrganizationId;
  readonly issuer: string;
  readonly subject: string;
  readonly personId: GranteeId;
}

/** A token that is valid: one that was revoked has no signature any more. */
export interface SignedServiceToken {
  readonly organizationId: OrganizationId;
  readonly tokenId: ServiceTokenId;
  readonly serviceAccountId: GranteeId;
  readonly secretHash: string;
  readonly expiresAt: number | null;
}

/** What of a workflow is not in one of its versions. */
export interface SignedWorkflow {
  readonly organizationId: OrganizationId;
  readonly workflowId: WorkflowId;
  /** Rules may ask for it. */
  readonly createdById: GranteeId | null;
  /** The version of its steps that a run is of. */
  readonly version: number;
  readonly state: string;
  readonly deletedAt: number | null;
}

/** `steps` and `input` are the texts of their columns. */
export interface SignedWorkflowVersion {
  readonly organizationId: OrganizationId;
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly steps: string;
}

export interface SignedRunRequest {
  readonly organizationId: OrganizationId;
  readonly runId: RunId;
  readonly workflowId: WorkflowId | null;
  readonly workflowVersion: number | null;
  /** Null when the steps are those of the workflow's version. */
  readonly steps: string | null;
  readonly input: string;
  readonly startedById: GranteeId;
  readonly queuedAt: number;
}

export const sealedValueDocument = (binding: ValueBinding, ciphertext: Uint8Array): Uint8Array =>
  encode([
    'nightsafe/signed/sealed-value',
    1,
    binding.organizationId,
    binding.secretKeyId,
    binding.valueVersion,
    binding.organizationKeyNumber,
    ciphertext,
  ]);

export const organizationKeyDocument = (key: SealedOrganizationKey): Uint8Array =>
  encode(['nightsafe/signed/organization-key', 1, key.organizationId, key.number, key.publicKey, key.sealedPrivateKey]);

export const accessDocument = (access: SignedAccess): Uint8Array =>
  encode([
    'nightsafe/signed/access',
    2,
    access.organizationId,
    access.secretKeyId,
    access.accessRevision,
    access.createdById,
    access.accessLevel,
    canonicalOrder(access.grants.map((grant) => [grant.granteeId, grant.permission])),
    canonicalOrder(access.allowedHosts),
    canonicalOrder(access.placements),
    canonicalOrder(access.uses),
    access.allowsAnyHost,
    access.expiresAt,
    access.valueVersion,
    access.deletedAt,
  ]);

export const personDocument = (person: SignedPerson): Uint8Array =>
  encode([
    'nightsafe/signed/person',
    3,
    person.organizationId,
    person.personId,
    person.role,
    person.state,
    canonicalOrder(person.groupIds),
    canonicalOrder(person.customRoleIds),
    person.revision,
  ]);

export const serviceAccountDocument = (account: SignedServiceAccount): Uint8Array =>
  encode([
    'nightsafe/signed/service-account',
    2,
    account.organizationId,
    account.serviceAccountId,
    account.state,
    canonicalOrder(account.customRoleIds),
    account.revision,
  ]);

export const customRoleDocument = (role: SignedCustomRole): Uint8Array =>
  encode([
    'nightsafe/signed/custom-role',
    1,
    role.organizationId,
    role.customRoleId,
    canonicalOrder(role.permissionSets),
    role.revision,
  ]);

export const identityDocument = (identity: SignedIdentity): Uint8Array =>
  encode([
    'nightsafe/signed/identity',
    1,
    identity.organizationId,
    identity.issuer,
    identity.subject,
    identity.personId,
  ]);

export const serviceTokenDocument = (token: SignedServiceToken): Uint8Array =>
  encode([
    'nightsafe/signed/service-token',
    1,
    token.organizationId,
    token.tokenId,
    token.serviceAccountId,
    token.secretHash,
    token.expiresAt,
  ]);

export const workflowDocument = (workflow: SignedWorkflow): Uint8Array =>
  encode([
    'nightsafe/signed/workflow',
    1,
    workflow.organizationId,
    workflow.workflowId,
    workflow.createdById,
    workflow.version,
    workflow.state,
    workflow.deletedAt,
  ]);

export const workflowVersionDocument = (version: SignedWorkflowVersion): Uint8Array =>
  encode([
    'nightsafe/signed/workflow-version',
    1,
    version.organizationId,
    version.workflowId,
    version.version,
    version.steps,
  ]);

export const runRequestDocument = (run: SignedRunRequest): Uint8Array =>
  encode([
    'nightsafe/signed/run-request',
    1,
    run.organizationId,
    run.runId,
    run.workflowId,
    run.workflowVersion,
    run.steps,
    run.input,
    run.startedById,
    run.queuedAt,
  ]);
