/** Opens organizations' private halves with the root key, after checking that the api wrote them. */
import { newId, type OrganizationId } from '../ids.js';
import { OperatorError } from '../operator-error.js';
import { organizationKeyDocument } from '../vault/documents.js';
import type { BoxPair } from '../vault/keys.js';
import { CannotBeOpenedError, openOrganizationKey } from '../vault/open.js';
import { createOrganizationKey } from '../vault/seal.js';
import type { Verifier } from '../vault/sign.js';

export interface OrganizationKeyRow {
  readonly organizationId: OrganizationId;
  readonly number: number;
  readonly publicKey: Uint8Array;
  readonly sealedPrivateKey: Uint8Array;
  readonly signature: Uint8Array;
}

export class Keyring {
  readonly #rootPublicKey: Uint8Array;
  readonly #rootPrivateKey: Uint8Array;
  readonly #verifier: Verifier;

  /** @throws OperatorError when the root keys are not a pair: what the api seals to the one, the other would not open. */
  constructor(keys: {
    readonly rootPublicKey: Uint8Array;
    readonly rootPrivateKey: Uint8Array;
    readonly verifier: Verifier;
  }) {
    this.#rootPublicKey = keys.rootPublicKey;
    this.#rootPrivateKey = keys.rootPrivateKey;
    this.#verifier = keys.verifier;
    const id = newId<OrganizationId>();
    try {
      const sample = { ...createOrganizationKey(id, 1, keys.rootPublicKey), organizationId: id, number: 1 };
      openOrganizationKey(sample, keys.rootPublicKey, keys.rootPrivateKey).privateKey.fill(0);
    } catch {
      throw new OperatorError(
        'The root key and the root public key are not a pair. Restore the one that belongs to the other.',
      );
    }
  }

  /** The pair of a row. The caller fills the private half with zeros after use. Throws CannotBeOpenedError for anything wrong. */
  organizationPair(row: OrganizationKeyRow): BoxPair {
    if (!this.#verifier.verify(organizationKeyDocument(row), row.signature)) throw new CannotBeOpenedError();
    return openOrganizationKey(row, this.#rootPublicKey, this.#rootPrivateKey);
  }
}
