/**
 * What one operation may ask for, decided before anything of it is executed.
 *
 * A document is measured once: each fragment once, however often it is spread, so that neither cycles nor fragments that
 * spread each other many times take longer than the document is long. The measures are those of the document with every
 * fragment written out. They are remembered as long as the parsed document is; only page sizes that come from variables are
 * looked up for each request.
 */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { ApiError, badInput } from '../errors.js';
import { maxPageSize } from './connection.js';

export interface OperationLimits {
  /** Fields inside of each other, from the root. */
  readonly depth: number;
  /** The same for fields below `__schema` and `__type`, which count for nothing else but aliases and directives. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** The largest `first` or `last` of a field. */
  readonly pageSize: number;
  /**
   * Objects that the response may hold: one for each field of an object type, times the `first` or `last` of the fields
   * around it. Fields of scalar and enum types cost nothing, unless their `complexity` says so.
   */
  readonly cost: number;
}

export const defaultOperationLimits: OperationLimits = {
  depth: 12, // a connection inside of a connection takes eight: secretKeys, edges, node, references, edges, node, workflow, name
  introspectionDepth: 20, // what editors send takes 15: nine levels of `ofType` below __schema, types, fields, args, type
  aliases: 30, // as many panels as a dashboard shows
  directives: 50, // an @include or @skip on every field that a screen turns on and off
  rootFields: 10, // what one screen loads at once; nobody writes that many changes by hand
  pageSize: maxPageSize, // one page is one SQL statement that answers within milliseconds
  cost: 10_000, // a full page of keys, each with two connections of twenty and what they contain
};

/**
 * Tokens of one document, refused while it is parsed: ten times what an editor's introspection query has. Values belong in
 * variables, which are not counted.
 */
export const maxTokens = 2_000;

export function createLimitsPlugin(limits: OperationLimits = defaultOperationLimits): ApolloServerPlugin<BaseContext> {
  const measured = new WeakMap<OperationDefinitionNode, OperationMeasure>();
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (operation === undefined) return;
          if (!schema.getRootType(operation.operation)) {
            throw new ApiError('BAD_USER_INPUT', `The API has no ${operation.operation} operations.`);
          }
          let measure = measured.get(operation);
          if (measure === undefined) {
            measure = new Measurer(schema, document).measure(operation);
            measured.set(operation, measure);
          }
          for (const name of ['depth', 'introspectionDepth', 'aliases', 'directives', 'rootFields'] as const) {
            refuse(name, measure[name], limits[name]);
          }
          const defaults = operation.variableDefinitions?.map(
            (it) => [it.variable.name.value, it.defaultValue] as const,
          );
          const cost = new CostInRequest(request.variables ?? {}, new Map(defaults), limits.pageSize).of(measure);
          refuse('cost', cost, limits.cost);
        },
      };
    },
  };
}

/**
 * The fields that the operation selects at its root, those in fragments included. A field that is selected twice under one
 * name in the response is executed once, and is here once.
 */
export function rootFields(document: DocumentNode, operation: OperationDefinitionNode): FieldNode[] {
  const fragments = fragmentsOf(document);
  const fields = new Map<string, FieldNode>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        fields.set((selection.alias ?? selection.name).value, selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else {
        const fragment = fragments.get(selection.name.value);
        fragments.delete(selection.name.value); // collected once
        if (fragment !== undefined) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return [...fields.values()];
}

interface OperationMeasure extends Measure {
  readonly rootFields: number;
}

/** Of a selection set, with its fragments written out. Sums may be as large as Infinity. */
interface Measure {
  depth: number;
  introspectionDepth: number;
  aliases: number;
  directives: number;
  /** Objects that cost the same whatever the page sizes are. */
  objects: number;
  /** What is selected inside of fields that take `first` or `last`. */
  readonly pages: { readonly size: PageSize; readonly of: Measure }[];
  /** Parts with pages inside, whose cost comes on top. Shared, not copied: written out they may grow exponentially. */
  readonly parts: Measure[];
}

/** The arguments of a field that say how many objects it gives; those not given have the schema's default. */
interface PageSize {
  readonly given: readonly { readonly field: string; readonly value: ValueNode }[];
  readonly byDefault: readonly number[];
}

const emptyMeasure = (): Measure => ({
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  directives: 0,
  objects: 0,
  pages: [],
  parts: [],
});

class Measurer {
  private readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly measuredFragments = new Map<string, Measure>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {
    this.fragments = fragmentsOf(document);
  }

  measure(operation: OperationDefinitionNode): OperationMeasure {
    const measure = this.ofSelections(operation.selectionSet, this.schema.getRootType(operation.operation), false);
    const onVariables = operation.variableDefinitions?.flatMap(({ directives = [] }) => directives) ?? [];
    measure.directives += count(operation.directives) + onVariables.length;
    return { ...measure, rootFields: rootFields(this.document, operation).length };
  }

  private ofSelections(
    { selections }: SelectionSetNode,
    parent: GraphQLNamedType | undefined | null,
    isIntrospection: boolean,
  ): Measure {
    const sum = emptyMeasure();
    for (const selection of selections) {
      sum.directives += count(selection.directives);
      if (selection.kind === Kind.FIELD) {
        this.addField(sum, selection, parent, isIntrospection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition ? this.schema.getType(selection.typeCondition.name.value) : parent;
        addFragment(sum, this.ofSelections(selection.selectionSet, type, isIntrospection));
      } else {
        addFragment(sum, this.ofFragment(selection.name.value, isIntrospection));
      }
    }
    return sum;
  }

  private ofFragment(name: string, isIntrospection: boolean): Measure {
    const known = this.measuredFragments.get(name);
    if (known !== undefined) return known;
    this.measuredFragments.set(name, emptyMeasure()); // what a fragment finds of itself in a cycle
    const fragment = this.fragments.get(name);
    if (fragment === undefined) return emptyMeasure();
    const type = this.schema.getType(fragment.typeCondition.name.value);
    const measure = this.ofSelections(fragment.selectionSet, type, isIntrospection);
    measure.directives += count(fragment.directives);
    this.measuredFragments.set(name, measure);
    return measure;
  }

  private addField(
    sum: Measure,
    node: FieldNode,
    parent: GraphQLNamedType | undefined | null,
    isIntrospection: boolean,
  ): void {
    const name = node.name.value;
    const entersIntrospection = name === '__schema' || name === '__type';
    const isIntrospected = isIntrospection || entersIntrospection;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = entersIntrospection
      ? this.schema.getType(name === '__schema' ? '__Schema' : '__Type')
      : getNamedType(field?.type);
    const inner = node.selectionSet ? this.ofSelections(node.selectionSet, type, isIntrospected) : emptyMeasure();

    sum.aliases += inner.aliases + (node.alias ? 1 : 0);
    sum.directives += inner.directives;
    if (isIntrospected) {
      sum.introspectionDepth = Math.max(sum.introspectionDepth, 1 + inner.introspectionDepth);
      return;
    }
    sum.depth = Math.max(sum.depth, 1 + inner.depth);
    sum.introspectionDepth = Math.max(sum.introspectionDepth, inner.introspectionDepth);
    if (field && isUnpagedList(parent, field)) {
      const element = { ...emptyMeasure(), objects: 1 };
      addCost(element, inner);
      sum.pages.push({ size: { given: [], byDefault: [complexityOf(field) ?? unpagedListSize] }, of: element });
      return;
    }
    if (isCompositeType(type)) sum.objects += 1;
    else sum.objects += (field && complexityOf(field)) ?? 0;
    const size = field && pageSizeOf(node, field);
    if (size === undefined) addCost(sum, inner);
    else sum.pages.push({ size, of: inner });
  }
}

function addFragment(sum: Measure, fragment: Measure): void {
  sum.depth = Math.max(sum.depth, fragment.depth);
  sum.introspectionDepth = Math.max(sum.introspectionDepth, fragment.introspectionDepth);
  sum.aliases += fragment.aliases;
  sum.directives += fragment.directives;
  addCost(sum, fragment);
}

function addCost(sum: Measure, part: Measure): void {
  if (part.pages.length === 0 && part.parts.length === 0) sum.objects += part.objects;
  else sum.parts.push(part);
}

/** How many objects a list that cannot be paged counts for, unless its `complexity` says so. */
const unpagedListSize = 20;

const complexityOf = ({ extensions }: GraphQLField<unknown, unknown>): number | undefined =>
  typeof extensions.complexity === 'number' ? extensions.complexity : undefined;

/** A connection's own lists are as long as its page. */
const isUnpagedList = (parent: GraphQLNamedType | null | undefined, field: GraphQLField<unknown, unknown>): boolean =>
  isListType(getNullableType(field.type)) &&
  isCompositeType(getNamedType(field.type)) &&
  !parent?.name.endsWith('Connection') &&
  pageArguments(field).length === 0;

const pageArguments = (field: GraphQLField<unknown, unknown>) =>
  field.args.filter(({ name }) => name === 'first' || name === 'last');

function pageSizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): PageSize | undefined {
  const args = pageArguments(field);
  if (args.length === 0) return undefined;
  const given = (node.arguments ?? []).filter(({ name }) => args.some((arg) => arg.name === name.value));
  return {
    given: given.map(({ name, value }) => ({ field: `${field.name}.${name.value}`, value })),
    byDefault: args.map((arg) => arg.defaultValue).filter((value) => typeof value === 'number'),
  };
}

/** The cost of an operation under the variables of one request. */
class CostInRequest {
  private readonly known = new Map<Measure, number>();

  constructor(
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly defaults: ReadonlyMap<string, ValueNode | undefined>,
    private readonly largestPage: number,
  ) {}

  of(measure: Measure): number {
    const known = this.known.get(measure);
    if (known !== undefined) return known;
    let cost = measure.objects;
    for (const part of measure.parts) cost += this.of(part);
    for (const page of measure.pages) cost += this.sizeOf(page.size) * this.of(page.of);
    this.known.set(measure, cost);
    return cost;
  }

  /** At least 1. A page of unknown size counts as the largest; with both `first` and `last`, the larger of them. */
  private sizeOf({ given, byDefault }: PageSize): number {
    const sizes = given.map(({ field, value }) => this.checked(field, value)).filter((size) => size !== undefined);
    const known = sizes.length > 0 ? sizes : byDefault;
    return known.length > 0 ? Math.max(1, ...known) : this.largestPage;
  }

  private checked(field: string, node: ValueNode): number | undefined {
    const size = this.valueOf(node);
    if (typeof size !== 'number') return undefined;
    if (size >= 1 && size <= this.largestPage) return size;
    throw badInput({ field, message: `must be 1 to ${this.largestPage}` });
  }

  private valueOf(node: ValueNode | undefined): unknown {
    if (node?.kind === Kind.INT) return Number(node.value);
    if (node?.kind !== Kind.VARIABLE) return undefined;
    const name = node.name.value;
    return Object.hasOwn(this.variables, name) ? this.variables[name] : this.valueOf(this.defaults.get(name));
  }
}

const nouns = {
  depth: 'levels of fields inside of each other',
  introspectionDepth: 'levels of introspection',
  aliases: 'aliases',
  directives: 'directives',
  rootFields: 'fields at the root',
  cost: 'objects',
} as const;

function refuse(limit: keyof typeof nouns, asked: number, allowed: number): void {
  if (asked > allowed) {
    throw new ApiError('BAD_USER_INPUT', `The operation asks for more than ${allowed} ${nouns[limit]}.`, {
      limit,
      allowed,
    });
  }
}

const count = (directives: readonly DirectiveNode[] = []): number => directives.length;

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
