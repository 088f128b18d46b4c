/** What is measured: requests to the api, each beside what the bare server does for it. */
import { randomUUID } from 'node:crypto';
import { makeCursor } from '../../src/graphql/connection.js';
import { ask, type Target } from './load.js';
import type { BenchOrganization } from './organization.js';
import type { Served, Site } from './site.js';
import { pageStatement } from './statement.js';

export interface Case {
  readonly name: string;
  readonly api: Target;
  readonly limit: Target;
}

/** Everything that a panel with a table of keys shows. */
const panel = `query Panel($first: Int!, $after: String) {
  secretKeys(first: $first, after: $after) {
    nodes {
      id name description accessLevel viewerCan allowedHosts placements uses valueVersion valueUpdatedAt expiresAt lastUsedAt
      createdBy { id name kind } createdAt updatedAt
      grants { permission grantee { id name kind } }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const one = 'query One($first: Int!) { secretKeys(first: $first) { nodes { id } } }';
const create = `mutation Create($input: CreateSecretKeyInput!) {
  createSecretKey(input: $input) { secretKey { id name accessLevel } warnings { code } }
}`;

interface Page {
  readonly name: string;
  readonly viewer: keyof BenchOrganization['subjects'];
  readonly query: string;
  readonly variables: { readonly first: number; readonly after?: string };
}

/** Starts both servers and gives what to load them with. Throws when a page does not hold what it should. */
export async function prepareCases(
  site: Site,
  organization: BenchOrganization,
  nodeOptions: readonly string[] = [],
): Promise<{ readonly cases: readonly Case[]; readonly api: Served }> {
  const after = makeCursor('secretKeys/NAME/ASC', organization.deepPlaces.NAME);
  const pages: readonly Page[] = [
    { name: 'page of 50, member in 20 groups', viewer: 'member', query: panel, variables: { first: 50 } },
    { name: 'page of 50, administrator', viewer: 'admin', query: panel, variables: { first: 50 } },
    { name: 'page of 50, deep, member', viewer: 'member', query: panel, variables: { first: 50, after } },
    { name: 'first: 1 { id }, member', viewer: 'member', query: one, variables: { first: 1 } },
  ];
  const { services } = site;
  const authorization = 'Bearer bare';
  const limit = await site.startLimit({
    authorization,
    statements: await Promise.all(
      pages.map(({ viewer, variables }) => pageStatement(services, organization.subjects[viewer], variables)),
    ),
    create: {
      organizationId: organization.id,
      creatorId: organization.adminId,
      publicKey: [...organization.publicKey],
    },
  });
  const api = await site.startApi(nodeOptions);
  const targets = async (viewer: Page['viewer'], path: string, body: () => string) => ({
    api: {
      port: api.port,
      path: '/graphql',
      authorization: `Bearer ${await site.tokenFor(organization.subjects[viewer])}`,
      body,
    },
    limit: { port: limit.port, path, authorization, body },
  });
  const cases = await Promise.all(
    pages.map(async ({ name, viewer, query, variables }, index): Promise<Case> => {
      const body = JSON.stringify({ query, variables });
      const compared = { name, ...(await targets(viewer, `/${index}`, () => body)) };
      await expectSameKeys(compared, variables.first);
      return compared;
    }),
  );
  const body = () =>
    JSON.stringify({
      query: create,
      variables: {
        input: {
          name: `Api ${randomUUID()}`,
          value: 'not-a-real-secret-of-the-bench',
          allowedHosts: ['api.service.example'],
        },
      },
    });
  return { api, cases: [...cases, { name: 'createSecretKey', ...(await targets('admin', '/create', body)) }] };
}

/** A fast answer that is not the right one counts for nothing. */
async function expectSameKeys({ name, api, limit }: Case, first: number): Promise<void> {
  const answer = JSON.parse(await ask(api)) as { data: { secretKeys: { nodes: { id: string }[] } } };
  const rows = JSON.parse(await ask(limit)) as { id: string }[];
  const shown = answer.data.secretKeys.nodes.map(({ id }) => id);
  const read = rows.slice(0, first).map(({ id }) => id);
  if (shown.length !== first || JSON.stringify(shown) !== JSON.stringify(read))
    throw new Error(`${name}: the two servers do not answer with the same ${first} keys`);
}
