/** Opens organizations' private halves with the root key, after checking that the api wrote them. */
import type { OrganizationId } from '../ids.js';
import { organizationKeyDocument } from '../vault/documents.js';
import type { BoxPair } from '../vault/keys.js';
import { CannotBeOpenedError, openOrganizationKey } from '../vault/open.js';
import type { WriterVerifier } from '../vault/sign.js';

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
  readonly #verifier: WriterVerifier;

  constructor(keys: {
    readonly rootPublicKey: Uint8Array;
    readonly rootPrivateKey: Uint8Array;
    readonly verifier: WriterVerifier;
  }) {
    this.#rootPublicKey = keys.rootPublicKey;
    this.#rootPrivateKey = keys.rootPrivateKey;
    this.#verifier = keys.verifier;
  }

  /** The pair of a row. The caller fills the private half with zeros after use. Throws CannotBeOpenedError for anything wrong. */
  organizationPair(row: OrganizationKeyRow): BoxPair {
    if (!this.#verifier.verify(organizationKeyDocument(row), row.signature)) throw new CannotBeOpenedError();
    return openOrganizationKey(row, this.#rootPublicKey, this.#rootPrivateKey);
  }
}
