import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';

const setSecretAccess = `mutation ($input: SetSecretAccessInput!) {
  setSecretAccess(input: $input) {
    secretKey { accessLevel accessRevision viewerCan grants { grantee { id kind name } permission } }
    warnings { code }
  }
}`;

describe('setSecretAccess', () => {
  it('shares a restricted key with a group, whose members then may use it and see no grants', async () => {
    const { bob, carol, platform } = await newTeam();
    const id = await createKey(bob);
    const grants = [
      { granteeId: bob.id, permission: 'MANAGE' },
      { granteeId: platform, permission: 'USE' },
    ];
    expect(await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } })).to.deep.equal({
      setSecretAccess: {
        secretKey: {
          accessLevel: 'RESTRICTED',
          accessRevision: 2,
          viewerCan: ['USE', 'RENAME', 'UPDATE_VALUE', 'SET_ACCESS', 'SET_USE', 'DELETE'],
          grants: [
            { grantee: { id: bob.id, kind: 'PERSON', name: 'Bob' }, permission: 'MANAGE' },
            { grantee: { id: platform, kind: 'GROUP', name: 'Platform' }, permission: 'USE' },
          ],
        },
        warnings: [],
      },
    });
    expect(
      await carol.data(
        'query ($id: ID!) { secretKey(id: $id) { id viewerCan grants { permission } accessRevision } }',
        { id },
      ),
    ).to.deep.equal({
      secretKey: { id, viewerCan: ['USE'], grants: null, accessRevision: null },
    });
  });
});
