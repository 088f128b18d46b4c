/** Service accounts as the API shows them. There is no field for a token but the one that answers its creation. */
import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import { AccountState, type AccountStateName } from '../member/member.enums.js';
import type { CreatedServiceAccountToken } from './create-service-account-token.js';
import type { ServiceAccountOutcome, ServiceAccountTokenOutcome } from './outcome.js';
import {
  type ServiceAccountRecord,
  type ServiceAccountTokenRecord,
  serviceAccountSubject,
  tokenSubject,
} from './service-account.record.js';

@ObjectType({
  description:
    'What is known about a bearer token of a service account. The token itself is shown once, when it is created.',
})
@GovernedBy('ServiceAccountToken')
export class ServiceAccountToken extends Governed {
  readonly record: ServiceAccountTokenRecord;

  @Field(() => ID, { description: 'Its id, to revoke it by. Not the token.' })
  readonly id: string;
  @Field(() => String, { description: 'What it is for.' })
  readonly name: string;
  @Field(() => DateTime, { nullable: true, description: 'From then on it lets nobody in; null when it never expires.' })
  readonly expiresAt: number | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to a minute; null when never.' })
  readonly lastUsedAt: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Since when it lets nobody in; null when it was not revoked.' })
  readonly revokedAt: number | null;
  @Field(() => DateTime, { description: 'When it was created.' })
  readonly createdAt: number;

  constructor(record: ServiceAccountTokenRecord) {
    super(tokenSubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.expiresAt = record.expiresAt;
    this.lastUsedAt = record.lastUsedAt;
    this.revokedAt = record.revokedAt;
    this.createdAt = record.createdAt;
  }
}

@ObjectType({ description: 'An account that other software uses. It signs in with a token.' })
@GovernedBy('ServiceAccount')
export class ServiceAccount extends Governed {
  readonly record: ServiceAccountRecord;

  @Field(() => ID, { description: 'The id that grants name.' })
  readonly id: string;
  @Field(() => String, { description: 'Unique among the service accounts of the organization without regard to case.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: 'What the account is for.' })
  readonly description: string | null;
  @Field(() => AccountState, { description: 'Whether its tokens let it in.' })
  readonly state: AccountStateName;
  @Field(() => DateTime, { nullable: true, description: 'When it was created. Null for those who may not see it.' })
  readonly createdAt: number;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When name, description or state last changed. Null for those who may not see it.',
  })
  readonly updatedAt: number;

  constructor(record: ServiceAccountRecord) {
    super(serviceAccountSubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.description = record.description;
    this.state = record.state;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
  }
}

export const ServiceAccountConnection = connectionOf('ServiceAccount', () => ServiceAccount, 'service accounts');

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => ServiceAccount, { description: 'The service account as it is now.' })
    readonly serviceAccount: ServiceAccount;

    constructor(outcome: ServiceAccountOutcome) {
      super();
      this.serviceAccount = new ServiceAccount(outcome.serviceAccount);
    }
  }
  return Payload;
}

export const CreateServiceAccountPayload = payload('CreateServiceAccountPayload', 'A service account was created.');
export const UpdateServiceAccountPayload = payload(
  'UpdateServiceAccountPayload',
  'A name or a description was changed.',
);
export const DeactivateServiceAccountPayload = payload(
  'DeactivateServiceAccountPayload',
  'A service account is let in no longer.',
);
export const ReactivateServiceAccountPayload = payload(
  'ReactivateServiceAccountPayload',
  'A service account is let in again.',
);

@ObjectType({ description: 'A service account was deleted, with its grants; its tokens are revoked.' })
@GovernedBy('Envelope')
export class DeleteServiceAccountPayload extends Envelope {
  @Field(() => ID, { description: 'The service account that was deleted.' })
  readonly deletedId: string;

  constructor(outcome: { readonly deletedId: string }) {
    super();
    this.deletedId = outcome.deletedId;
  }
}

@ObjectType({ description: 'A token was created.' })
@GovernedBy('Envelope')
export class CreateServiceAccountTokenPayload extends Envelope {
  @Field(() => ServiceAccountToken, { description: 'What is known about the token from now on.' })
  readonly serviceAccountToken: ServiceAccountToken;
  @Field(() => String, {
    nullable: true,
    description:
      'The bearer token. Shown in this answer alone: it is stored nowhere, so the answer to a repeated request under the same idempotency key has null here.',
  })
  readonly token: string | null;

  constructor(outcome: CreatedServiceAccountToken) {
    super();
    this.serviceAccountToken = new ServiceAccountToken(outcome.serviceAccountToken);
    this.token = outcome.token;
  }
}

@ObjectType({ description: 'A token lets nobody in any longer.' })
@GovernedBy('Envelope')
export class RevokeServiceAccountTokenPayload extends Envelope {
  @Field(() => ServiceAccountToken, { description: 'The token as it is now.' })
  readonly serviceAccountToken: ServiceAccountToken;

  constructor(outcome: ServiceAccountTokenOutcome) {
    super();
    this.serviceAccountToken = new ServiceAccountToken(outcome.serviceAccountToken);
  }
}
