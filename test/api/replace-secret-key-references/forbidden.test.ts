import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { replaceSecretKeyReferences } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('replaceSecretKeyReferences by whoever may not', () => {
  itIsForbiddenToAuditors('replaceSecretKeyReferences', replaceSecretKeyReferences, async (_, { bob }) => ({
    from: await createKey(bob),
    to: await createKey(bob),
  }));

  it('is FORBIDDEN to whoever sees the other key and may not use it', async () => {
    const team = await newTeam();
    const input = { from: await createKey(team.bob), to: await createKey(team.carol) };
    expect(await unchanged(team, () => team.alice.refusal(replaceSecretKeyReferences, { input }))).to.deep.equal({
      code: 'FORBIDDEN',
    });
  });
});
