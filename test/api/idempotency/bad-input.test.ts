import { expect } from 'chai';
import { type Answer, newTeam } from '../../support/api.js';
import { createSecretKey } from '../../support/operations.js';
import { fakeValue, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

const extensionsOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions);

describe('an idempotency key of the wrong form', () => {
  const problem = (field: string, message: string) => [{ code: 'BAD_USER_INPUT', fields: [{ field, message }] }];

  it('is refused in the input, and not repeated', async () => {
    const team = await newTeam();
    for (const clientMutationId of ['', 'a key', 'a'.repeat(129), 'cl\u00e9', 'a\u0000', 'a\n']) {
      const input = { name: uniqueName(), value: fakeValue(), clientMutationId };
      const answer = await unchanged(team, () => team.bob.ask(createSecretKey, { input }));
      expect(extensionsOf(answer)).to.deep.equal(
        problem('input.clientMutationId', 'must have 1 to 128 visible ASCII characters'),
      );
    }
  });

  it('is refused in the header', async () => {
    const team = await newTeam();
    for (const key of ['', 'a key', 'a'.repeat(129)]) {
      const input = { name: uniqueName(), value: fakeValue() };
      const answer = await unchanged(team, () => team.bob.ask(createSecretKey, { input }, { 'idempotency-key': key }));
      expect([answer.status, extensionsOf(answer)]).to.deep.equal([
        400,
        problem('Idempotency-Key', 'must be 1 to 128 visible ASCII characters'),
      ]);
    }
  });

  it('is refused when header and input differ', async () => {
    const team = await newTeam();
    const input = { name: uniqueName(), value: fakeValue(), clientMutationId: 'one' };
    const answer = await unchanged(team, () => team.bob.ask(createSecretKey, { input }, { 'idempotency-key': 'two' }));
    expect(extensionsOf(answer)).to.deep.equal(
      problem('input.clientMutationId', 'must equal the Idempotency-Key header when both are given'),
    );
  });

  it('of 128 characters is taken', async () => {
    const { bob } = await newTeam();
    const input = { name: uniqueName(), value: fakeValue(), clientMutationId: '~'.repeat(128) };
    expect((await bob.ask(createSecretKey, { input })).errors).to.equal(undefined);
  });
});
