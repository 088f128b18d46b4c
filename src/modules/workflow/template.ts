/**
 * Text with references in it, parsed once, when a workflow is saved. What is put in for a reference is never parsed again, so neither
 * a value nor an output can bring a reference with it.
 *
 *   {{ secretKey:ID }}   {{ steps.NAME.path[0] }}   {{ input.path }}
 */
import type { SecretKeyId } from '../../ids.js';

/** Members by name, elements by number. */
export type OutputPath = readonly (string | number)[];

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'secretKey'; readonly secretKeyId: SecretKeyId }
  | { readonly kind: 'output'; readonly step: string; readonly path: OutputPath }
  | { readonly kind: 'input'; readonly path: OutputPath };

/** No two texts follow each other, and no text is empty; the empty template is empty text. */
export type Template = readonly Segment[];

/** JSON in which every string is a template. Members keep their order; their names are plain text. */
export type JsonTemplate =
  | { readonly kind: 'string'; readonly template: Template }
  | { readonly kind: 'literal'; readonly value: number | boolean | null }
  | { readonly kind: 'array'; readonly elements: readonly JsonTemplate[] }
  | { readonly kind: 'object'; readonly members: readonly { readonly name: string; readonly value: JsonTemplate }[] };
