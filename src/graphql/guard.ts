/**
 * Every field of every output type is decided by policy here, synchronously, around its resolver. A field whose type is bound to no
 * policy subject, or that the catalogue does not list, stops the start.
 */
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isNullableType,
  isObjectType,
} from 'graphql';
import type { AnswerField, Authorizer, Catalogue, PolicySubject } from '../authz/index.js';
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
  readonly #decisions: Decisions;

  /** @param about what the rules ask about; of a part of another object, that object. */
  constructor(about: PolicySubject | Governed) {
    this.#decisions = about instanceof Governed ? about.#decisions : new Decisions(about);
  }

  static allows(object: Governed, verdict: FieldVerdict): boolean {
    return verdict === 'always' || (verdict !== 'never' && object.#decisions.of(verdict));
  }
}

/** Fields that share a rule's condition share the predicate, so each condition is evaluated once for an object. */
class Decisions {
  #last: RowPredicate | null = null;
  #lastOutcome = false;
  /** Made for the second predicate: most objects have one. */
  #outcomes: Map<RowPredicate, boolean> | null = null;

  constructor(private readonly subject: PolicySubject) {}

  of(predicate: RowPredicate): boolean {
    if (this.#last === predicate) return this.#lastOutcome;
    if (this.#last !== null) {
      this.#outcomes ??= new Map();
      this.#outcomes.set(this.#last, this.#lastOutcome);
    }
    this.#lastOutcome = this.#outcomes?.get(predicate) ?? predicate(this.subject);
    this.#last = predicate;
    return this.#lastOutcome;
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

/** Every field of every guarded schema has its own. */
let slots = 0;
const verdicts = new WeakMap<Authorizer, FieldVerdict[]>();

/** The verdicts that the guard has asked an authorizer for, by field slot. They hold as long as the authorizer does. */
export function verdictsOf(authz: Authorizer): FieldVerdict[] {
  const known = verdicts.get(authz) ?? [];
  verdicts.set(authz, known);
  return known;
}

/** Wraps every field's resolver, once, in place. */
export function guardSchema(schema: GraphQLSchema, catalogue: Catalogue): void {
  const ungoverned: string[] = [];
  for (const { field, answer } of fieldsOf(schema)) {
    if (answer.subject === null || !isListed(catalogue, answer.subject, answer.action, answer.field)) {
      ungoverned.push(answer.path);
      continue;
    }
    const inner: Resolver = field.resolve ?? defaultFieldResolver;
    const slot = slots++;
    // The source of a subscription is not opened either.
    if (field.subscribe) field.subscribe = guardOperation(field.subscribe, slot, answer.field);
    field.resolve =
      answer.action === 'call'
        ? guardOperation(inner, slot, answer.field)
        : guardField(inner, slot, answer.subject, answer.field);
  }
  if (ungoverned.length > 0) throw new UngovernedFieldError(ungoverned);
}

/** What each field of each output type is bound to, for proofs over all of them. */
export const answerFieldsOf = (schema: GraphQLSchema): readonly AnswerField[] =>
  [...fieldsOf(schema)].map(({ answer }) => answer);

interface OutputField {
  readonly field: GraphQLField<unknown, RequestContext>;
  readonly answer: AnswerField;
}

function* fieldsOf(schema: GraphQLSchema): Generator<OutputField> {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isRoot = roots.has(type);
    const binding = isRoot ? { subject: 'Operation' } : bindings.get(type.name);
    for (const field of Object.values(type.getFields())) {
      const answer = {
        path: `${type.name}.${field.name}`,
        isNullable: isNullableType(field.type),
        subject: binding?.subject ?? null,
        action: isRoot ? ('call' as const) : ('read' as const),
        field: binding?.field ?? field.name,
        governsType: binding?.field !== undefined,
      };
      yield { field, answer };
    }
  }
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
    return Governed.allows(source as Governed, verdict) ? inner(source, args, ctx, path) : null;
  };
}
