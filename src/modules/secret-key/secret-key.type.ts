/** Secret keys as the API shows them. There is no field for a value, a stand-in for it, its length or its hash. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import { Grantee } from '../organization/grantee.type.js';
import type { AccessLevel, Permission, Placement, SecretUseKind } from './secret-key.entity.js';
import {
  SecretAccessLevel,
  SecretPermission,
  SecretPlacement,
  SecretUse,
  WarningCode,
  type WarningCodeName,
} from './secret-key.enums.js';
import { type GrantRecord, type SecretKeyRecord, secretKeySubject } from './secret-key.record.js';

@ObjectType({ description: 'What one grantee may do with a key.', simpleResolvers: true })
@GovernedBy('SecretKey', { field: 'grants' })
export class SecretGrant extends Governed {
  @Field(() => Grantee, { description: 'Who.' })
  readonly grantee: Grantee;
  @Field(() => SecretPermission, { description: 'What they may do.' })
  readonly permission: Permission;

  constructor(key: Governed & { readonly record: SecretKeyRecord }, grant: GrantRecord) {
    super(key);
    this.grantee = new Grantee(key.record.organizationId, grant.grantee);
    this.permission = grant.permission;
  }
}

@ObjectType({
  description: 'A stored secret: an API key, a password, a token. Its value can be used and replaced, and never read.',
  simpleResolvers: true,
})
@GovernedBy('SecretKey')
export class SecretKey extends Governed {
  readonly record: SecretKeyRecord;
  #grants: readonly SecretGrant[] | null = null;

  @Field(() => ID, { description: 'Stays the same when the key is renamed.' })
  readonly id: string;
  @Field(() => String, { description: 'Unique in the organization without regard to case.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: 'What the key is for. Not secret.' })
  readonly description: string | null;
  @Field(() => SecretAccessLevel, { description: 'Who may use the key.' })
  readonly accessLevel: AccessLevel;
  @Field(() => Int, {
    nullable: true,
    description: 'Grows with every change of access or use; for managers, null otherwise.',
  })
  readonly accessRevision: number;
  @Field(() => [String], { description: 'Hosts that requests may carry the key to.' })
  readonly allowedHosts: readonly string[];
  @Field(() => Boolean, { description: 'Whether requests may carry the key to any host.' })
  readonly allowsAnyHost: boolean;
  @Field(() => [SecretPlacement], { description: 'Parts of a request that may hold the value.' })
  readonly placements: readonly Placement[];
  @Field(() => [SecretUse], { description: 'Ways in which workflows may use the key.' })
  readonly uses: readonly SecretUseKind[];
  @Field(() => Int, { description: 'Grows with every new value.' })
  readonly valueVersion: number;
  @Field(() => DateTime, { description: 'When the value was last replaced.' })
  readonly valueUpdatedAt: number;
  @Field(() => DateTime, {
    nullable: true,
    description: 'From then on the key cannot be used; null when it never expires.',
  })
  readonly expiresAt: number | null;
  @Field(() => DateTime, { nullable: true, description: 'When the key was last used; null when never.' })
  readonly lastUsedAt: number | null;
  @Field(() => DateTime, { description: 'When the key was created.' })
  readonly createdAt: number;
  @Field(() => DateTime, { description: 'When anything about the key last changed.' })
  readonly updatedAt: number;
  @Field(() => DateTime, { nullable: true, description: 'When the key was deleted; null on a key that is not.' })
  readonly deletedAt: number | null;

  constructor(record: SecretKeyRecord) {
    super(secretKeySubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.description = record.description;
    this.accessLevel = record.accessLevel;
    this.accessRevision = record.accessRevision;
    this.allowedHosts = record.allowedHosts;
    this.allowsAnyHost = record.allowsAnyHost;
    this.placements = record.placements;
    this.uses = record.uses;
    this.valueVersion = record.valueVersion;
    this.valueUpdatedAt = record.valueUpdatedAt;
    this.expiresAt = record.expiresAt;
    this.lastUsedAt = record.lastUsedAt;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
    this.deletedAt = record.deletedAt;
  }

  @Field(() => Grantee, { nullable: true, description: 'Who created the key.' })
  get createdBy(): Grantee | null {
    return this.record.createdBy && new Grantee(this.record.organizationId, this.record.createdBy);
  }

  @Field(() => [SecretGrant], {
    nullable: true,
    description: 'Who has been given access; for managers, administrators and auditors, null otherwise.',
  })
  get grants(): readonly SecretGrant[] {
    this.#grants ??= this.record.grants.map((grant) => new SecretGrant(this, grant));
    return this.#grants;
  }
}

export const SecretKeyConnection = connectionOf('SecretKey', () => SecretKey, 'secret keys');

@ObjectType({ description: 'The change was made, and this may not be what was meant.' })
@GovernedBy('Envelope')
export class Warning extends Envelope {
  @Field(() => WarningCode, { description: 'For programs.' })
  readonly code: WarningCodeName;
  @Field(() => String, { description: 'For people.' })
  readonly message: string;

  constructor(code: WarningCodeName) {
    super();
    this.code = code;
    this.message = warningMessages[code];
  }
}

const warningMessages: Readonly<Record<WarningCodeName, string>> = {
  SHORT_VALUE: 'The value has fewer than 8 bytes. So short a text cannot be masked when a server sends it back.',
  GUESSABLE_VALUE:
    'The value is of fewer than 16 digits. Whoever may use it in a workflow can find it by trying: masking tells when a guess is right.',
  TRAILING_NEWLINE: 'The value ends with a line break. It was stored as given.',
  SURROUNDING_SPACE: 'The value starts or ends with white space. It was stored as given.',
  NO_ALLOWED_HOSTS: 'No request can carry this key until a host is allowed.',
  ANY_HOST: 'Requests may carry this key to any host.',
  RAW_USE: 'Code may get the value itself. Masking cannot hold against whoever writes the code.',
  WORKFLOWS_STOP:
    'An active workflow has a step whose last editor may not use the key any more. Its next run stops there.',
};

/** What a verb on one key returns: plain data, so that it can be kept for a repeated request. */
export interface SecretKeyOutcome {
  /** Null when the change took the caller's own sight of the key. */
  readonly secretKey: SecretKeyRecord | null;
  readonly warnings: readonly WarningCodeName[];
}

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => SecretKey, {
      nullable: true,
      description: 'The key as it is now; null when the caller may no longer see it.',
    })
    readonly secretKey: SecretKey | null;
    @Field(() => [Warning], { description: 'What may not be as meant.' })
    readonly warnings: readonly Warning[];

    constructor(outcome: SecretKeyOutcome) {
      super();
      this.secretKey = outcome.secretKey && new SecretKey(outcome.secretKey);
      this.warnings = outcome.warnings.map((code) => new Warning(code));
    }
  }
  return Payload;
}

export const CreateSecretKeyPayload = payload('CreateSecretKeyPayload', 'A key was created.');
export const RenameSecretKeyPayload = payload('RenameSecretKeyPayload', 'A key was renamed.');
export const UpdateSecretValuePayload = payload('UpdateSecretValuePayload', 'A value was replaced.');
export const SetSecretAccessPayload = payload('SetSecretAccessPayload', 'Access to a key was changed.');
export const SetSecretUsePayload = payload('SetSecretUsePayload', 'The use of a key was changed.');
export const RestoreSecretKeyPayload = payload('RestoreSecretKeyPayload', 'A key was brought back.');

@ObjectType({ description: 'A key was deleted.' })
@GovernedBy('Envelope')
export class DeleteSecretKeyPayload extends Envelope {
  @Field(() => ID, { description: 'The key that was deleted.' })
  readonly deletedId: string;
  @Field(() => DateTime, { description: 'Until then it can be restored; afterwards its value is erased.' })
  readonly restorableUntil: number;

  constructor(outcome: { readonly deletedId: string; readonly restorableUntil: number }) {
    super();
    this.deletedId = outcome.deletedId;
    this.restorableUntil = outcome.restorableUntil;
  }
}
