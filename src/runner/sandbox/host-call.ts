/** What customer code may ask of the runner. Arguments come out of the sandbox: whoever serves a call checks them. */
import type { JsonValue } from './json.js';

export const hostCallNames = ['fetch', 'hmac', 'jwt', 'basicAuth'] as const;
export type HostCallName = (typeof hostCallNames)[number];

/** `argument` is JSON of bounded size and depth, and nothing else about it is known. */
export interface HostCall {
  readonly name: HostCallName;
  readonly argument: JsonValue;
}

/** Text or bytes, as the sandbox writes them: bytes are base64 with padding. */
export type Content = { readonly text: string } | { readonly base64: string };

/** The argument of `fetch` when the sandbox is honest. `url` is absolute and normalized; text may have placeholders in it. */
export interface FetchArgument {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Content | null;
  readonly redirect: 'follow' | 'manual' | 'error';
}

/** What `fetch` must resolve with. */
export interface FetchReply {
  readonly status: number;
  readonly statusText: string;
  /** The final address. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body, decoded from its content encoding, as base64. */
  readonly bodyBase64: string;
}

/** The argument of `hmac` when the sandbox is honest; it must resolve with the text of the code in the encoding. */
export interface HmacArgument {
  readonly key: string;
  readonly data: Content;
  readonly hash: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly encoding: 'hex' | 'base64' | 'base64url';
}

/** The argument of `jwt` when the sandbox is honest; it must resolve with the token's text. `expiresIn`: seconds, or null. */
export interface JwtArgument {
  readonly key: string;
  readonly algorithm: string;
  readonly header: { readonly [name: string]: JsonValue };
  readonly payload: { readonly [name: string]: JsonValue };
  readonly expiresIn: number | null;
}

/** The argument of `basicAuth` when the sandbox is honest; it must resolve with the text of the header's value. */
export interface BasicAuthArgument {
  readonly user: string;
  readonly password: string;
}

/** A refusal that the code sees as an `Error` of this name and message; neither may hold a value. */
export class HostCallError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}
