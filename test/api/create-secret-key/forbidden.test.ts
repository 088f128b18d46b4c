import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createSecretKey } from '../../support/operations.js';
import { fakeValue, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('createSecretKey by an auditor', () => {
  it('is FORBIDDEN, whatever the input is', async () => {
    const team = await newTeam();
    for (const name of [uniqueName(), '']) {
      const refusal = await unchanged(team, () =>
        team.dave.refusal(createSecretKey, { input: { name, value: fakeValue() } }),
      );
      expect(refusal).to.deep.equal({ code: 'FORBIDDEN' });
    }
  });
});
