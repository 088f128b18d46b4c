/** What goes into the egress door and what comes out of it. */
import type { SecretKeyId } from '../../ids.js';
import type { Placement } from '../../modules/secret-key/secret-key.entity.js';
import type { OpenedValue } from '../../vault/open.js';

/** Literal text, or the value of a key. */
export type PlainPart = { readonly text: string } | { readonly secretKeyId: SecretKeyId };

/**
 * Text with values left open; a part may be the base64 (RFC 4648, section 4) of such text. There is no base64 of base64: each layer
 * would be one more that redaction has to see through.
 */
export type Part = PlainPart | { readonly base64Of: readonly PlainPart[] };

export interface NamedParts {
  readonly name: readonly Part[];
  readonly value: readonly Part[];
}

/** A JSON value whose strings are parts. Member names are text: no key stands in a name. */
export type JsonParts =
  | null
  | boolean
  | number
  | { readonly string: readonly Part[] }
  | { readonly array: readonly JsonParts[] }
  | { readonly object: readonly { readonly name: string; readonly value: JsonParts }[] };

/** `contentType` stands for a header of that name, which goes before it. */
export type EgressBody =
  | { readonly kind: 'text'; readonly parts: readonly Part[]; readonly contentType?: string }
  | { readonly kind: 'json'; readonly value: JsonParts; readonly contentType?: string }
  | { readonly kind: 'form'; readonly fields: readonly NamedParts[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly contentType?: string };

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof methods)[number];

export interface EgressRequest {
  readonly method: Method;
  /** An absolute URL. A key may stand in its path or as the value of a query parameter. */
  readonly url: readonly Part[];
  /** Added behind the query of `url`, percent-encoded. */
  readonly query: readonly NamedParts[];
  /** In this order; one name may come more than once. */
  readonly headers: readonly NamedParts[];
  readonly body: EgressBody | null;
  /** Milliseconds for everything: the name's look-up, redirects, the last byte of the body. */
  readonly timeoutMs?: number;
  /** `follow` unless given. `manual` hands a redirect over as a response like any other, `error` refuses it. */
  readonly redirect?: 'follow' | 'manual' | 'error';
}

/** Where a key may go. A key in the path counts as `QUERY`: both are parts of the URL, which servers write into their logs. */
export interface EgressKeyTerms {
  readonly id: SecretKeyId;
  readonly name: string;
  /** In the form that `canonicalHost` of the module secret-key gives them. Without a port: the default port of the scheme alone. */
  readonly allowedHosts: readonly string[];
  /** Any host over https; over http those that `allowedHosts` lists with `http://`. */
  readonly allowsAnyHost: boolean;
  readonly placements: readonly Placement[];
}

export interface EgressKey extends EgressKeyTerms {
  /** The caller's to destroy, after `send` has settled. */
  readonly value: OpenedValue;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /**
   * Awaited once for each call of `send`, redirects or not: when the connection stands and is checked, before its first byte
   * of HTTP. What it throws, `send` throws, and nothing was sent.
   */
  onSending(): Promise<void>;
  /** Where alone the request and its redirects may go, in the form of `allowedHosts`: for code that holds values itself. */
  readonly restrictHosts?: readonly string[];
}

/** Nothing in it is redacted: a server may send back what it was sent, and the URL has the values that were put into it. */
export interface EgressResponse {
  readonly status: number;
  readonly statusText: string;
  /** As they came, in their order and spelling. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Decoded. */
  readonly body: Uint8Array;
  /** Of the last hop. */
  readonly url: string;
  /** The URLs that redirects led to, in their order; the last one is `url`. */
  readonly redirects: readonly string[];
}
