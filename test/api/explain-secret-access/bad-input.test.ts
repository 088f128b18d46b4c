import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { explainSecretAccess } from '../../support/operations.js';
import { alterGrantee } from '../../support/people.js';
import { createKey } from '../../support/secret-keys.js';

describe('explainSecretAccess with bad input', () => {
  it('refuses whoever is no active person or service account of the organization, all alike', async () => {
    const team = await newTeam();
    const { bob, carol, growth, stranger } = team;
    const id = await createKey(bob);
    await alterGrantee(team, carol.id, { state: 'DEACTIVATED' });
    const ids = [growth, stranger.id, carol.id, newId(), 'not-an-id', '', bob.id.toUpperCase()];
    const answers = await Promise.all(
      ids.map((granteeId) => bob.ask(explainSecretAccess, { secretKeyId: id, granteeId, action: 'USE' })),
    );
    expect(answers[0]?.errors?.map(({ extensions }) => extensions)).to.deep.equal([
      {
        code: 'BAD_USER_INPUT',
        fields: [{ field: 'granteeId', message: 'is no active person or service account of this organization' }],
      },
    ]);
    for (const { text } of answers) expect(text).to.equal(answers[0]?.text);
  });

  it('refuses an action that there is not', async () => {
    const { bob } = await newTeam();
    const id = await createKey(bob);
    expect(
      await bob.refusal(explainSecretAccess, { secretKeyId: id, granteeId: bob.id, action: 'REVEAL' }),
    ).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'action', message: 'is not one of the allowed values' }],
    });
  });
});
