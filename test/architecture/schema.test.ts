import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  buildSchema,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { type FieldVerdict, loadPolicies, type PolicySet } from '../../src/authz/index.js';
import { readConfig } from '../../src/config.js';
import { ApiError } from '../../src/errors.js';
import type { RequestContext } from '../../src/graphql/context.js';
import { guardSchema, UngovernedFieldError } from '../../src/graphql/guard.js';
import { buildGuardedSchema, printSortedSchema } from '../../src/graphql/schema.js';
import { packageRoot } from '../../src/paths.js';
import { sourceFiles } from './source.js';

const policies = loadPolicies(readConfig({}).policiesFolder);
const schema = buildGuardedSchema(policies);
const ownTypes = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
const objectTypes = ownTypes.filter(isObjectType);
const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const isRoot = (type: unknown): boolean => rootTypes.some((root) => root === type);

/** The fields that a start with these policies is refused for. */
function ungoverned(start: () => void): readonly string[] {
  try {
    start();
    return [];
  } catch (error) {
    if (error instanceof UngovernedFieldError) return error.fields;
    throw error;
  }
}

function without(set: PolicySet, subject: string, action: string, field: string): PolicySet {
  const declaration = set.catalogue.subjects.get(subject);
  const fields = declaration?.fields.get(action);
  if (declaration === undefined || !fields?.has(field)) throw new Error('there is no such field to leave out');
  const rest = new Set([...fields].filter((name) => name !== field));
  const subjects = new Map(set.catalogue.subjects).set(subject, {
    ...declaration,
    fields: new Map(declaration.fields).set(action, rest),
  });
  return { ...set, catalogue: { ...set.catalogue, subjects } };
}

describe('the guard', () => {
  it('refuses a type that is bound to no policy, with every field of it', () => {
    const unbound = buildSchema('type Query { viewer: Stray } type Stray { id: ID other(of: Int): [Stray] }');
    expect(ungoverned(() => guardSchema(unbound, policies.catalogue))).to.deep.equal(['Stray.id', 'Stray.other']);
  });

  it('refuses a field that the catalogue does not list, on a bound type and at the root', () => {
    const unlisted = buildSchema(
      'type Query { viewer: Viewer invented: ID } type Viewer { id: ID value: String } type PageInfo { value: ID }',
    );
    expect(ungoverned(() => guardSchema(unlisted, policies.catalogue))).to.deep.equal([
      'Query.invented',
      'Viewer.value',
      'PageInfo.value',
    ]);
  });

  it('refuses the schema of the API when one of its fields or operations is taken out of the catalogue', () => {
    expect(ungoverned(() => buildGuardedSchema(without(policies, 'SecretKey', 'read', 'name')))).to.deep.equal([
      'SecretKey.name',
    ]);
    expect(
      ungoverned(() => buildGuardedSchema(without(policies, 'Operation', 'call', 'createSecretKey'))),
    ).to.deep.equal(['Mutation.createSecretKey']);
  });

  it('asks the policy before the resolver of every field: where it says never, nothing is called and nothing is read', () => {
    const untouchable = new Proxy({}, { get: () => expect.fail('a resolver was reached') });
    const reached: string[] = [];
    for (const type of objectTypes) {
      for (const field of Object.values(type.getFields())) {
        const answer = answerOf(field, 'never', untouchable);
        const expected = isRoot(type) ? 'FORBIDDEN' : null;
        if (answer !== expected) reached.push(`${type.name}.${field.name}`);
      }
    }
    expect(reached).to.deep.equal([]);
    expect(objectTypes.length).to.be.greaterThan(25);
  });

  it('is what stands in the way there: where the policy says always, a field is read', () => {
    const viewer = schema.getType('Viewer') as GraphQLObjectType;
    expect(answerOf(viewer.getFields().name, 'always', { name: 'Ada' })).to.equal('Ada');
  });
});

/** What a field answers under one verdict of the policy; the code of an ApiError that it throws. */
function answerOf(field: GraphQLField<unknown, unknown> | undefined, verdict: FieldVerdict, source: unknown): unknown {
  const ctx = { verdicts: [], authz: { fieldMask: () => verdict } } as unknown as RequestContext;
  const info = { fieldName: field?.name } as GraphQLResolveInfo;
  try {
    return (field?.resolve ?? defaultFieldResolver)(source, {}, ctx, info);
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe('the schema', () => {
  it('has nothing to read a value by, sealed or not: what looks like it by name is known and something else', () => {
    const suspicious = /value|cipher|seal|plaintext|masked|length|private|signature|hash|digest|password/i;
    const names = [...reachableTypes(schema)].flatMap((type) =>
      Object.keys(type.getFields())
        .filter((name) => suspicious.test(name))
        .map((name) => `${type.name}.${name}`),
    );
    expect(names.sort()).to.deep.equal([
      'AuditEvent.hash', // of the record, which holds no value
      'BasicAuth.password', // a template, which names a key by its id
      'Mutation.updateSecretValue', // its payload has the key and warnings
      'NamedTemplate.value', // a template too
      'SecretKey.valueUpdatedAt',
      'SecretKey.valueVersion',
    ]);
  });

  it('leads from its operations to every output type, so that the rule above sees all of them', () => {
    expect([...reachableTypes(schema)].sort(byName)).to.deep.equal([...objectTypes].sort(byName));
  });

  it('is what schema.graphql says', () => {
    expect(readFileSync(join(packageRoot, 'schema.graphql'), 'utf8')).to.equal(printSortedSchema(schema));
  });

  it('describes every type, field, argument, input field and enum value', () => {
    expect(undescribed()).to.deep.equal([]);
  });

  it('has for each operation one verb, in a file of its name, that takes the context of the request first', () => {
    const operations = rootTypes.flatMap((type) => Object.keys(type?.getFields() ?? {}));
    expect(operations.map((name) => `${name}: ${verbOf(name)}`)).to.deep.equal(
      operations.map((name) => `${name}: one verb`),
    );
  });
});

const byName = (a: GraphQLObjectType, b: GraphQLObjectType): number => (a.name < b.name ? -1 : 1);

/** The output types that an operation can lead to, the roots and whatever implements an interface included. */
function reachableTypes(of: GraphQLSchema): Set<GraphQLObjectType> {
  const reached = new Set<GraphQLObjectType>();
  const visit = (type: unknown): void => {
    if (isInterfaceType(type)) for (const possible of of.getPossibleTypes(type)) visit(possible);
    if (!isObjectType(type) || reached.has(type)) return;
    reached.add(type);
    for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
  };
  for (const root of rootTypes) visit(root);
  return reached;
}

function undescribed(): string[] {
  const missing: string[] = [];
  const look = (path: string, { description }: { readonly description?: string | null | undefined }): void => {
    if (!description?.trim()) missing.push(path);
  };
  for (const type of ownTypes) {
    if (isSpecifiedScalarType(type)) continue;
    if (!isRoot(type)) look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`;
      look(path, field);
      if ('args' in field) for (const arg of field.args) look(`${path}(${arg.name})`, arg);
    }
  }
  return missing;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `createSecretKey` is in create-secret-key.ts, a list such as `secretKeys` in list-secret-keys.ts. */
function verbOf(operation: string): string {
  const list = `list${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  const verbs = [operation, list].flatMap((name) =>
    sourceFiles
      .filter(({ path }) => path.startsWith('src/modules/') && path.endsWith(`/${kebab(name)}.ts`))
      .filter(({ text }) =>
        new RegExp(`^export (async )?function ${name}\\(\\s*ctx: RequestContext\\b`, 'm').test(text),
      ),
  );
  return verbs.length === 1 ? 'one verb' : `${verbs.length} verbs`;
}
