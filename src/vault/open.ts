/** Everything that needs a private key. Only the runner imports it. */
import { inspect } from 'node:util';
import nacl from 'tweetnacl';
import type { BoxPair } from './keys.js';
import { unpad } from './padding.js';
import {
  boxKey,
  organizationKeyHeader,
  type SealedOrganizationKey,
  sealedBoxNonce,
  type ValueBinding,
  valueHeader,
} from './seal.js';

/** Thrown whatever the reason is: a wrong key, a changed byte and a row in the wrong place look the same. */
export class CannotBeOpenedError extends Error {
  override readonly name = 'CannotBeOpenedError';

  constructor() {
    super('cannot be opened');
  }
}

/** A value in the clear, for as long as it is used. No way of printing it shows it. */
export class OpenedValue {
  #bytes: Uint8Array | undefined;

  /** Takes the bytes over: they are filled with zero by `destroy`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Lends the bytes to `use`, which keeps no reference to them. */
  use<Result>(use: (bytes: Uint8Array) => Result): Result {
    if (this.#bytes === undefined) throw new Error('The opened value was destroyed.');
    return use(this.#bytes);
  }

  /** Fills the bytes with zero. May be called twice. */
  destroy(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return '[OpenedValue]';
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * The value of a row, which the caller destroys. The binding is the row's own, so a ciphertext that was moved to another
 * row does not open.
 *
 * @throws CannotBeOpenedError for every reason.
 */
export function openValue(binding: ValueBinding, ciphertext: Uint8Array, organizationPair: BoxPair): OpenedValue {
  return orCannotBeOpened(() => {
    const padded = openBound(valueHeader(binding), ciphertext, organizationPair);
    try {
      return new OpenedValue(unpad(padded));
    } finally {
      padded.fill(0);
    }
  });
}

/**
 * An organization's pair, the halves of which belong together. The caller fills the private half with zero after its last
 * use.
 *
 * @throws CannotBeOpenedError for every reason.
 */
export function openOrganizationKey(
  row: SealedOrganizationKey,
  rootPublicKey: Uint8Array,
  rootPrivateKey: Uint8Array,
): BoxPair {
  return orCannotBeOpened(() => {
    const root = { publicKey: rootPublicKey, privateKey: rootPrivateKey };
    const privateKey = openBound(organizationKeyHeader(row), row.sealedPrivateKey, root);
    if (!nacl.verify(nacl.scalarMult.base(privateKey), row.publicKey)) throw new CannotBeOpenedError();
    return { publicKey: row.publicKey, privateKey };
  });
}

/**
 * The message of a sealed box, as libsodium's `crypto_box_seal_open` gives it.
 *
 * @throws CannotBeOpenedError for every reason.
 */
export function openBox(sealed: Uint8Array, recipient: BoxPair): Uint8Array {
  return orCannotBeOpened(() => {
    const ephemeralPublicKey = sealed.subarray(0, nacl.box.publicKeyLength);
    const key = boxKey(ephemeralPublicKey, recipient.privateKey);
    try {
      const nonce = sealedBoxNonce(ephemeralPublicKey, recipient.publicKey);
      const message = nacl.box.open.after(sealed.subarray(nacl.box.publicKeyLength), nonce, key);
      if (message === null) throw new CannotBeOpenedError();
      return message;
    } finally {
      key.fill(0);
    }
  });
}

function openBound(header: Uint8Array, sealed: Uint8Array, recipient: BoxPair): Uint8Array {
  const message = openBox(sealed, recipient);
  try {
    if (Buffer.compare(message.subarray(0, header.length), header) !== 0) throw new CannotBeOpenedError();
    return Uint8Array.from(message.subarray(header.length));
  } finally {
    message.fill(0);
  }
}

function orCannotBeOpened<Result>(open: () => Result): Result {
  try {
    return open();
  } catch {
    throw new CannotBeOpenedError();
  }
}
