import { expect } from 'chai';
import type { Reading } from '../../../src/database/database.js';
import { createWorkflowLoaders } from '../../../src/modules/workflow/workflow.loaders.js';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';

describe('the loader of keys', () => {
  it('reads a key once for all places that ask at once, as one object, and anew for those that ask later', async () => {
    const { api, organizationId, bob } = await newTeam();
    const ids = [await createKey(bob), await createKey(bob)];
    const { database } = api.services;
    const asked: unknown[] = [];
    const query: Reading['query'] = (sql, parameters) => {
      asked.push(parameters);
      return database.query(sql, parameters);
    };
    const { secretKeys } = createWorkflowLoaders(Object.create(database, { query: { value: query } }), organizationId);
    const places = Array.from({ length: 1_000 }, (_, place) => String(ids[place % 2]));
    const keys = await Promise.all(places.map((id) => secretKeys.load(id)));
    expect(keys.map((key) => key?.id)).to.deep.equal(places);
    expect(new Set(keys).size).to.equal(2);
    const again = await secretKeys.load(String(ids[0]));
    expect(again).to.deep.equal(keys[0]);
    expect(again).not.to.equal(keys[0]);
    expect(asked).to.deep.equal([
      [organizationId, ...ids],
      [organizationId, ids[0]],
    ]);
  });
});
