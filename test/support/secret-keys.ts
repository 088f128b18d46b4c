/** Shortcuts for tests that need a key to be there. */
import { randomBytes } from 'node:crypto';
import { readSecretKey } from '../../src/modules/secret-key/load-secret-key.js';
import { changeAccess } from '../../src/modules/secret-key/write-access.js';
import { type Client, clock, type Team } from './api.js';

export const fakeValue = (): string => `not-a-real-secret-${randomBytes(6).toString('hex')}`;
export const uniqueName = (prefix = 'Key'): string => `${prefix} ${randomBytes(4).toString('hex')}`;

export interface GrantInput {
  readonly granteeId: string;
  readonly permission: 'USE' | 'MANAGE';
}

/** Creates a key as `client`, restricted unless told otherwise, and returns its id. */
export async function createKey(
  client: Client,
  options: {
    readonly name?: string;
    readonly value?: string;
    readonly level?: 'TEAM' | 'RESTRICTED';
    readonly grants?: readonly GrantInput[];
  } = {},
): Promise<string> {
  const { name = uniqueName(), value = fakeValue(), level = 'RESTRICTED', grants = [] } = options;
  const data = await client.data(
    'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
    {
      input: { name, value, access: { level, grants } },
    },
  );
  return data.createSecretKey.secretKey.id;
}

export async function deleteKey(client: Client, id: string): Promise<void> {
  await client.data('mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId } }', {
    input: { id },
  });
}

/** Sets the day on which a key expires past the API, signed as the api does it. */
export async function alterKey(
  { api, organizationId }: Pick<Team, 'api' | 'organizationId'>,
  id: string,
  change: { readonly expiresAt: number | null },
): Promise<void> {
  const { database, writer } = api.services;
  await database.transaction(async (tx) => {
    const key = await readSecretKey(tx, writer.verifier, organizationId, id);
    if (key === null) throw new Error('there is no such key');
    await changeAccess(tx, writer, key, change, clock.now());
  });
}
