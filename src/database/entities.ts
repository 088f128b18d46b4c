/** Every entity of the database. None has a relation to another: rows are joined by hand, in SQL that one can read. */
import { AuditEventEntity, AuditHeadEntity } from '../audit/audit.entity.js';
import { DecisionLogEntity } from '../audit/decision-log.entity.js';
import { IdempotentAnswerEntity } from '../graphql/idempotency.entity.js';
import { CustomRoleEntity } from '../modules/custom-role/custom-role.entity.js';
import {
  CustomRoleHolderEntity,
  GranteeEntity,
  GroupMembershipEntity,
  IdentityEntity,
  OrganizationEntity,
  OrganizationKeyEntity,
} from '../modules/organization/organization.entity.js';
import { ActiveRunEntity, RunEntity, RunStepEntity, RunTallyEntity } from '../modules/run/run.entity.js';
import { SealedValueEntity } from '../modules/secret-key/sealed-value.entity.js';
import { SecretGrantEntity, SecretKeyAccessEntity, SecretKeyEntity } from '../modules/secret-key/secret-key.entity.js';
import { ServiceAccountTokenEntity } from '../modules/service-account/service-account.entity.js';
import { SecretKeyReferenceEntity } from '../modules/workflow/secret-key-reference.entity.js';
import { WorkflowEntity, WorkflowVersionEntity } from '../modules/workflow/workflow.entity.js';

export const entities = [
  OrganizationEntity,
  OrganizationKeyEntity,
  GranteeEntity,
  IdentityEntity,
  GroupMembershipEntity,
  CustomRoleEntity,
  CustomRoleHolderEntity,
  ServiceAccountTokenEntity,
  SecretKeyEntity,
  SecretGrantEntity,
  SecretKeyAccessEntity,
  SealedValueEntity,
  WorkflowEntity,
  WorkflowVersionEntity,
  SecretKeyReferenceEntity,
  RunEntity,
  RunStepEntity,
  ActiveRunEntity,
  RunTallyEntity,
  AuditEventEntity,
  AuditHeadEntity,
  DecisionLogEntity,
  IdempotentAnswerEntity,
];
