/**
 * Every field of every output type is decided by policy here, synchronously, around its resolver. A field whose type is bound to no
 * policy subject, or that the catalogue does not list, stops the start.
 */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { Catalogue, PolicySubject } from '../authz/index.js';
import { forbidden } from '../errors.js';
import type { RequestContext } from './context.js';

type RowPredicate = (subject: PolicySubject) => boolean;
export type FieldVerdict = 'always' | 'never' | RowPredicate;

interface Binding {
  readonly subject: string;
  /** The catalogue's field that decides every field of the type; without it each field decides for itself, under its own name. */
  readonly field?: string;
}

const bindings = new Map<string, Binding>();

/** Binds an output class to a subject of the policy catalogue. The GraphQL type bears the class's name unless `typeName` is given. */
export function GovernedBy(
  subject: string,
  options: { readonly field?: string; readonly typeName?: string } = {},
): ClassDecorator {
  return (target) => {
    bindings.set(
      options.typeName ?? target.name,
      options.field === undefined ? { subject } : { subject, field: options.field },
    );
  };
}

/** An object of an answer that rules decide about by its own attributes. Made for one request and never kept longer. */
export abstract class Governed {
  readonly #subject: PolicySubject;
  #lastPredicate: RowPredicate | null = null;
  #lastVerdict = false;
  #verdicts: Map<RowPredicate, boolean> | null = null;

  constructor(subject: PolicySubject) {
    this.#subject = subject;
  }

  /** Fields that share a rule's condition share the predicate, so each condition is evaluated once for an object. */
  static decide(object: Governed, predicate: RowPredicate): boolean {
    if (object.#lastPredicate === predicate) return object.#lastVerdict;
    object.#verdicts ??= new Map();
    let verdict = object.#verdicts.get(predicate);
    if (verdict === undefined) {
      verdict = predicate(object.#subject);
      object.#verdicts.set(predicate, verdict);
    }
    object.#lastPredicate = predicate;
    object.#lastVerdict = verdict;
    return verdict;
  }
}

/** A connection, edge, payload or other wrapper: it tells nothing itself, what is in it is decided object by object. */
export abstract class Envelope {}

/** Thrown at start; lists every field that no policy governs. */
export class UngovernedFieldError extends Error {
  override readonly name = 'UngovernedFieldError';
  constructor(readonly fields: readonly string[]) {
    super(
      `these fields are bound to no policy: ${fields.join(', ')}. List them in policies/catalogue.yaml and bind their class with @GovernedBy.`,
    );
  }
}

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/** Wraps every field's resolver, once, in place. */
export function guardSchema(schema: GraphQLSchema, catalogue: Catalogue): void {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const ungoverned: string[] = [];
  let slots = 0;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isRoot = roots.has(type);
    const binding = isRoot ? { subject: 'Operation' } : bindings.get(type.name);
    for (const field of Object.values(type.getFields())) {
      const policyField = binding?.field ?? field.name;
      if (binding === undefined || !isListed(catalogue, binding.subject, isRoot ? 'call' : 'read', policyField)) {
        ungoverned.push(`${type.name}.${field.name}`);
        continue;
      }
      const inner: Resolver = field.resolve ?? defaultFieldResolver;
      const slot = slots++;
      field.resolve = isRoot
        ? guardOperation(inner, slot, field.name)
        : guardField(inner, slot, binding.subject, policyField);
    }
  }
  if (ungoverned.length > 0) throw new UngovernedFieldError(ungoverned);
}

const isListed = (catalogue: Catalogue, subject: string, action: string, field: string): boolean =>
  catalogue.subjects.get(subject)?.fields.get(action)?.has(field) ?? false;

function guardOperation(inner: Resolver, slot: number, field: string): Resolver {
  return (source, args, ctx, path) => {
    ctx.verdicts[slot] ??= ctx.authz.fieldMask('Operation', field, 'call');
    if (ctx.verdicts[slot] !== 'always') throw forbidden(`call ${field}`);
    return inner(source, args, ctx, path);
  };
}

/** A hidden field is null. */
function guardField(inner: Resolver, slot: number, subject: string, field: string): Resolver {
  return (source, args, ctx, path) => {
    let verdict = ctx.verdicts[slot];
    if (verdict === undefined) {
      verdict = ctx.authz.fieldMask(subject, field);
      ctx.verdicts[slot] = verdict;
    }
    if (verdict === 'always') return inner(source, args, ctx, path);
    if (verdict === 'never' || !Governed.decide(source as Governed, verdict)) return null;
    return inner(source, args, ctx, path);
  };
}
