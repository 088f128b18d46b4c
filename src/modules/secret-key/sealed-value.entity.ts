import { Entity } from 'typeorm';
import { Bytes, Counter, PrimaryId } from '../../database/columns.js';
import type { OrganizationId, SecretKeyId } from '../../ids.js';

/** The current sealed value of a key. No entity has a relation to this one, and the api process has no key that opens it. */
@Entity('sealed_value')
export class SealedValueEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('secret_key_id') secretKeyId!: SecretKeyId;
  @Counter('value_version') valueVersion!: number;
  @Counter('organization_key_number') organizationKeyNumber!: number;
  @Bytes('ciphertext') ciphertext!: Uint8Array;
  @Bytes('signature') signature!: Uint8Array;
}
