/** Builds the schema from the resolvers, once a process, and puts the policy guard around every field. */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import type { AnswerField, PolicySet } from '../authz/index.js';
import { AuditEventResolver } from '../modules/audit-event/audit-event.resolver.js';
import {
  CustomRoleResolver,
  CustomRolesOfMemberResolver,
  CustomRolesOfServiceAccountResolver,
} from '../modules/custom-role/custom-role.resolver.js';
import { GroupResolver } from '../modules/group/group.resolver.js';
import { MemberResolver } from '../modules/member/member.resolver.js';
import { OrganizationResolver } from '../modules/organization/organization.resolver.js';
import {
  RunsOfWorkflowResolver,
  WorkflowRunErrorResolver,
  WorkflowRunRedactionResolver,
  WorkflowRunResolver,
  WorkflowRunStepResolver,
} from '../modules/run/run.resolver.js';
import { SecretKeyResolver } from '../modules/secret-key/secret-key.resolver.js';
import {
  ServiceAccountResolver,
  ServiceAccountTokenResolver,
} from '../modules/service-account/service-account.resolver.js';
import {
  ReferencesOfSecretKeyResolver,
  SecretKeyReferenceResolver,
} from '../modules/workflow/secret-key-reference.resolver.js';
import { WorkflowResolver, WorkflowWarningResolver } from '../modules/workflow/workflow.resolver.js';
import { answerFieldsOf, guardSchema } from './guard.js';

// biome-ignore lint/complexity/noBannedTypes: type-graphql's own type of a resolver class
const resolvers: NonEmptyArray<Function> = [
  SecretKeyResolver,
  OrganizationResolver,
  MemberResolver,
  GroupResolver,
  CustomRoleResolver,
  CustomRolesOfMemberResolver,
  CustomRolesOfServiceAccountResolver,
  ServiceAccountResolver,
  ServiceAccountTokenResolver,
  WorkflowResolver,
  WorkflowWarningResolver,
  ReferencesOfSecretKeyResolver,
  SecretKeyReferenceResolver,
  RunsOfWorkflowResolver,
  WorkflowRunResolver,
  WorkflowRunStepResolver,
  WorkflowRunErrorResolver,
  WorkflowRunRedactionResolver,
  AuditEventResolver,
];

/** Throws UngovernedFieldError when a field is bound to no policy. */
export function buildGuardedSchema(policies: PolicySet): GraphQLSchema {
  const schema = buildUnguardedSchema();
  guardSchema(schema, policies.catalogue);
  return schema;
}

/** type-graphql asks for one when there is a subscription; ours bring their own events. */
const noPubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('subscriptions bring their own events');
  },
};

const buildUnguardedSchema = (): GraphQLSchema =>
  buildSchemaSync({ resolvers, validate: false, emitSchemaFile: false, pubSub: noPubSub });

/** What the fields of the API are bound to, whether or not a catalogue lists them. */
export const answerFields = (): readonly AnswerField[] => answerFieldsOf(buildUnguardedSchema());

/** The text of `schema.graphql`. */
export const printSortedSchema = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
