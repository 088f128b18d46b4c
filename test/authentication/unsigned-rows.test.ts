import { expect } from 'chai';
import { type Client, newTeam } from '../support/api.js';

describe('somebody with a row that the api did not sign', () => {
  const viewer = '{ viewer { role } }';

  it('is UNAUTHENTICATED like anybody without a membership, whatever the row says; the others go on', async () => {
    const team = await newTeam();
    const { api, organizationId, bob, carol, deployBot } = team;
    const notSigned: readonly [who: Client, table: string, sql: string, message: string][] = [
      [
        bob,
        'grantee',
        "UPDATE grantee SET role = 'ADMIN' WHERE organization_id = ? AND id = ?",
        'Your account is not an active member of an organization here.',
      ],
      [
        deployBot,
        'service_account_token',
        'UPDATE service_account_token SET expires_at = 4102444800000 WHERE organization_id = ? AND service_account_id = ?',
        'The bearer token is not valid.',
      ],
    ];
    for (const [who, table, sql, message] of notSigned) {
      expect((await who.ask(viewer)).errors).to.equal(undefined);
      await api.services.database.transaction((tx) => tx.query(sql, [organizationId, who.id]));
      const logged = api.log.length;
      const { status, headers, text } = await who.ask(viewer);
      expect({ status, challenge: headers.get('www-authenticate'), body: JSON.parse(text) }).to.deep.equal({
        status: 401,
        challenge: 'Bearer',
        body: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
      });
      const errors = api.log
        .slice(logged)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ level, requestId }) => level === 'error' && requestId === headers.get('x-request-id'));
      expect(errors.map(({ table, msg }) => ({ table, msg }))).to.deep.equal([
        { table, msg: 'a row is not what the api signed' },
      ]);
    }
    expect((await carol.data(viewer)).viewer).to.deep.equal({ role: 'MEMBER' });
  });
});
