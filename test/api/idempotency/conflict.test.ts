import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { mutations } from '../../support/mutations.js';
import { createSecretKey, renameSecretKey, updateSecretValue } from '../../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { workflowMutations } from '../../support/workflow-mutations.js';

describe('an idempotency key that was used for another request', () => {
  for (const [operation, prepare] of Object.entries({ ...mutations, ...workflowMutations })) {
    it(`is a CONFLICT for ${operation} with another input, and changes nothing`, async () => {
      const team = await newTeam();
      const { query, input, other } = await prepare(team.bob);
      await team.bob.data(query, { input: { ...input, clientMutationId: 'a-key' } });
      const { errors } = await unchanged(team, () =>
        team.bob.ask(query, { input: other }, { 'idempotency-key': 'a-key' }),
      );
      expect(errors?.map(({ message, extensions }) => ({ message, ...extensions }))).to.deep.equal([
        { message: 'The idempotency key was used for another request.', code: 'CONFLICT' },
      ]);
    });
  }

  it('is a CONFLICT when the value differs in one byte or in its encoding', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    const value = 'bm90LWEtcmVhbC1zZWNyZXQ=';
    await bob.data(updateSecretValue, { input: { id, value, clientMutationId: 'a-key' } });
    for (const other of [
      { value: value.replace('b', 'c') },
      { value: ` ${value}` },
      { value, valueEncoding: 'BASE64' },
      { value, expectedVersion: 1 },
    ]) {
      const input = { id, ...other, clientMutationId: 'a-key' };
      expect(await unchanged(team, () => bob.refusal(updateSecretValue, { input }))).to.deep.equal({
        code: 'CONFLICT',
      });
    }
  });

  it('is a CONFLICT for another operation', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    await bob.data(renameSecretKey, { input: { id, name: uniqueName(), clientMutationId: 'a-key' } });
    const input = { name: uniqueName(), value: fakeValue(), clientMutationId: 'a-key' };
    expect(await unchanged(team, () => bob.refusal(createSecretKey, { input }))).to.deep.equal({ code: 'CONFLICT' });
  });
});
