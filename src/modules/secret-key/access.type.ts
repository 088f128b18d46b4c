/** Answers about access: why somebody may do something, and what a change would do. */
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Explanation } from '../../authz/index.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import type { OrganizationId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import { Grantee } from '../organization/grantee.type.js';
import type { WorkflowStopRecord } from '../workflow/references-of-key.js';
import { WorkflowStop } from '../workflow/secret-key-reference.type.js';
import type { AccessPath as Path } from './access-paths.js';
import type { Permission } from './secret-key.entity.js';
import { SecretKeyAction, type SecretKeyActionName, SecretPermission } from './secret-key.enums.js';
import { type SecretKeyRecord, secretKeySubject } from './secret-key.record.js';

export const AccessPathKind = { TEAM: 'TEAM', DIRECT: 'DIRECT', GROUP: 'GROUP' } as const;
registerEnumType(AccessPathKind, {
  name: 'AccessPathKind',
  description: 'How a grant reaches somebody.',
  valuesConfig: {
    TEAM: { description: 'The key is open to everyone in the organization.' },
    DIRECT: { description: 'The grant names them.' },
    GROUP: { description: 'The grant names a group that they are in.' },
  },
});

@ObjectType({ description: 'One way in which access reaches somebody.' })
@GovernedBy('SecretKey', { field: 'grants' })
export class AccessPath extends Governed {
  @Field(() => AccessPathKind, { description: 'How.' })
  readonly kind: Path['kind'];
  @Field(() => SecretPermission, { description: 'What it allows.' })
  readonly permission: Permission;
  @Field(() => Grantee, { nullable: true, description: 'Whom the grant names; null for Team access.' })
  readonly through: Grantee | null;

  constructor(key: SecretKeyRecord, path: Path) {
    super(secretKeySubject(key));
    this.kind = path.kind;
    this.permission = path.permission;
    this.through = path.through && new Grantee(key.organizationId, path.through);
  }
}

@ObjectType({ description: 'Why somebody may, or may not, do something with a key.' })
@GovernedBy('Envelope')
export class AccessExplanation extends Envelope {
  @Field(() => ID, { description: 'The key.' })
  readonly secretKeyId: string;
  @Field(() => SecretKeyAction, { description: 'What was asked about.' })
  readonly action: SecretKeyActionName;
  @Field(() => Boolean, { description: 'Whether they may.' })
  readonly allowed: boolean;
  @Field(() => String, { nullable: true, description: 'The rule that decided; null when no rule allows it.' })
  readonly ruleId: string | null;
  @Field(() => String, { nullable: true, description: "The rule's own words; null when no rule allows it." })
  readonly why: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'When no rule allows it, the one that comes nearest; null when a rule decided, or when there is none.',
  })
  readonly nearestRuleId: string | null;
  @Field(() => String, { nullable: true, description: "The nearest rule's own words." })
  readonly nearestRuleWhy: string | null;
  @Field(() => [String], {
    description:
      'What would have to be otherwise, a sentence each: all of it when no rule allows it, any one of it when a rule denies. Empty when they may.',
  })
  readonly missing: readonly string[];
  @Field(() => [AccessPath], {
    description: 'The grants that reach them. Empty when none does; a role may still allow it.',
  })
  readonly paths: readonly AccessPath[];
  @Field(() => String, { description: 'The revision of the policy that decided.' })
  readonly policyVersion: string;

  constructor(
    key: SecretKeyRecord,
    action: SecretKeyActionName,
    { decision, rule }: Explanation,
    missing: readonly string[],
    paths: readonly Path[],
  ) {
    super();
    const isDecided = decision.ruleId !== null;
    this.secretKeyId = key.id;
    this.action = action;
    this.allowed = decision.effect === 'allow';
    this.ruleId = decision.ruleId;
    this.why = isDecided && rule ? rule.why : null;
    this.nearestRuleId = isDecided || !rule ? null : rule.id;
    this.nearestRuleWhy = isDecided || !rule ? null : rule.why;
    this.missing = missing;
    this.paths = paths.map((path) => new AccessPath(key, path));
    this.policyVersion = decision.policyVersion;
  }
}

export const AccessStanding = {
  NONE: 'NONE',
  SEE: 'SEE',
  USE: 'USE',
  MANAGE: 'MANAGE',
  MANAGE_AND_USE: 'MANAGE_AND_USE',
} as const;
export type Standing = keyof typeof AccessStanding;
const rank: Readonly<Record<Standing, number>> = { NONE: 0, SEE: 1, USE: 2, MANAGE: 3, MANAGE_AND_USE: 4 };
registerEnumType(AccessStanding, {
  name: 'AccessStanding',
  description: 'What somebody can do with a key, all rules and grants taken together.',
  valuesConfig: {
    NONE: { description: 'Does not see it.' },
    SEE: { description: 'Sees its settings.' },
    USE: { description: 'May use it.' },
    MANAGE: { description: 'May manage it, but not use it.' },
    MANAGE_AND_USE: { description: 'May use and manage it.' },
  },
});

export interface StandingChange {
  readonly principal: Principal;
  readonly before: Standing;
  readonly after: Standing;
}

@ObjectType({ description: 'How a change of access would change what one person or service account can do.' })
@GovernedBy('Envelope')
export class AccessChange extends Envelope {
  @Field(() => Grantee, { description: 'Who.' })
  readonly grantee: Grantee;
  @Field(() => AccessStanding, { description: 'Now.' })
  readonly before: Standing;
  @Field(() => AccessStanding, { description: 'After the change.' })
  readonly after: Standing;

  constructor(organizationId: OrganizationId, change: StandingChange) {
    super();
    const { id, kind, name } = change.principal;
    this.grantee = new Grantee(organizationId, { id, kind, name, email: null, state: 'ACTIVE' });
    this.before = change.before;
    this.after = change.after;
  }
}

/** More are counted, but not listed. */
const mostListed = 200;

@ObjectType({ description: 'What a change of access would do. Nothing has been changed.' })
@GovernedBy('Envelope')
export class AccessPreview extends Envelope {
  @Field(() => [AccessChange], { description: `Who would gain, at most ${mostListed}, by name.` })
  readonly gains: readonly AccessChange[];
  @Field(() => Int, { description: 'How many would gain.' })
  readonly gainCount: number;
  @Field(() => [AccessChange], { description: `Who would lose, at most ${mostListed}, by name.` })
  readonly losses: readonly AccessChange[];
  @Field(() => Int, { description: 'How many would lose.' })
  readonly lossCount: number;
  @Field(() => [WorkflowStop], {
    description: `Active workflows that would stop, at most ${mostListed}, by name; those that the caller may see.`,
  })
  readonly stops: readonly WorkflowStop[];
  @Field(() => Int, { description: 'How many would stop, also of those that the caller may not see.' })
  readonly stopCount: number;

  constructor(
    organizationId: OrganizationId,
    changes: readonly StandingChange[],
    stops: { readonly visible: readonly WorkflowStopRecord[]; readonly count: number },
  ) {
    super();
    const gains = changes.filter(({ before, after }) => rank[after] > rank[before]);
    const losses = changes.filter(({ before, after }) => rank[after] < rank[before]);
    const listed = (some: readonly StandingChange[]) =>
      some.slice(0, mostListed).map((change) => new AccessChange(organizationId, change));
    this.gains = listed(gains);
    this.gainCount = gains.length;
    this.losses = listed(losses);
    this.lossCount = losses.length;
    this.stops = stops.visible.slice(0, mostListed).map((stop) => new WorkflowStop(organizationId, stop));
    this.stopCount = stops.count;
  }
}
