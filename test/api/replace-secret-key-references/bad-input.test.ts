import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { badId } from '../../support/membership.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { replaceSecretKeyReferences } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('replaceSecretKeyReferences with bad input', () => {
  itNamesWhatIsWrong(
    replaceSecretKeyReferences,
    async (_, { bob }) => ({ from: await createKey(bob), to: await createKey(bob) }),
    [...badId('from'), ...badId('to')],
  );

  it('refuses one key in both places', async () => {
    const team = await newTeam();
    const key = await createKey(team.bob);
    const input = { from: key, to: key };
    expect(await unchanged(team, () => team.bob.refusal(replaceSecretKeyReferences, { input }))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input.to', message: 'must be another key' }],
    });
  });
});
