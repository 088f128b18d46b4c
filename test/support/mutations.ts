/** Every mutation of keys with input that succeeds, so that what holds for all of them is tested of all of them. */
import type { Client } from './api.js';
import * as operations from './operations.js';
import { createKey, deleteKey, fakeValue, uniqueName } from './secret-keys.js';

export interface Request {
  readonly query: string;
  readonly input: Record<string, unknown>;
  /** Another input that would succeed too. */
  readonly other: Record<string, unknown>;
}

type Prepare = (client: Client) => Promise<Request>;

const onKey =
  (query: string, change: Record<string, unknown>, otherChange: Record<string, unknown>): Prepare =>
  async (client) => {
    const id = await createKey(client);
    return { query, input: { id, ...change }, other: { id, ...otherChange } };
  };

const onKeys =
  (query: string, make: (client: Client) => Promise<string>): Prepare =>
  async (client) => ({ query, input: { id: await make(client) }, other: { id: await make(client) } });

async function deletedKey(client: Client): Promise<string> {
  const id = await createKey(client);
  await deleteKey(client, id);
  return id;
}

/** By name: makes what a request needs, as `client`, and returns the request. */
export const mutations: Readonly<Record<string, Prepare>> = {
  createSecretKey: async () => {
    const input = { name: uniqueName(), value: fakeValue() };
    return { query: operations.createSecretKey, input, other: { ...input, value: fakeValue() } };
  },
  renameSecretKey: (client) =>
    onKey(operations.renameSecretKey, { name: uniqueName() }, { name: uniqueName() })(client),
  updateSecretValue: (client) => {
    const value = fakeValue();
    return onKey(operations.updateSecretValue, { value }, { value: fakeValue() })(client);
  },
  setSecretAccess: onKey(operations.setSecretAccess, { level: 'TEAM' }, { level: 'RESTRICTED' }),
  setSecretUse: onKey(operations.setSecretUse, { uses: ['JWT'] }, { uses: ['HMAC'] }),
  deleteSecretKey: onKeys(operations.deleteSecretKey, createKey),
  restoreSecretKey: onKeys(operations.restoreSecretKey, deletedKey),
};
