import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { ask, Installation, refusal } from '../start/installation.js';

const noDemo = refusal('There is no demo organization here; tokens come from your identity provider.');

describe('nightsafe token', () => {
  let installation: Installation;
  let port: number;
  before(async () => {
    installation = await Installation.make();
    await installation.run(['keys', 'init']);
    port = (await installation.begin(['api']).serving('api')).port;
  });
  after(() => installation.remove());

  const viewer = async (token: string) => ask(port, token, '{ viewer { name role } }');

  it('prints a token that the api takes, in whatever case the name is written', async () => {
    for (const [as, name, role] of [
      ['alice', 'Alice', 'ADMIN'],
      ['BOB', 'Bob', 'MEMBER'],
      ['Dave', 'Dave', 'AUDITOR'],
    ] as const) {
      const { stdout, ...ended } = await installation.run(['token', '--as', as]);
      expect(ended).to.deep.equal({ code: 0, signal: null, stderr: '' });
      expect(stdout).to.match(/^[\w.-]+\n$/);
      expect(await viewer(stdout.trim())).to.deep.equal({ status: 200, body: { data: { viewer: { name, role } } } });
    }
  });

  it('prints it with its lifetime for programs', async () => {
    const { stdout, ...ended } = await installation.run(['token', '--as', 'carol', '--json']);
    expect(ended).to.deep.equal({ code: 0, signal: null, stderr: '' });
    const { token, ...rest } = JSON.parse(stdout) as { token: string };
    expect(rest).to.deep.equal({ subject: 'carol', expiresInSeconds: 43_200 });
    expect(await viewer(token)).to.deep.equal({
      status: 200,
      body: { data: { viewer: { name: 'Carol', role: 'MEMBER' } } },
    });
    const { iat = 0, exp = 0 } = decodeJwt(token);
    expect(exp - iat).to.equal(43_200);
  });

  it('asks for somebody who is there', async () => {
    expect(await installation.run(['token'])).to.deep.equal(
      refusal('say whose token: --as alice, bob, carol or dave. Try `nightsafe help`.', 2),
    );
    expect(await installation.run(['token', '--as', 'canary'])).to.deep.equal(
      refusal('the demo organization has alice, bob, carol, dave. Try `nightsafe help`.', 2),
    );
  });

  it('is refused where the demo is off, and in a home without its keys', async () => {
    expect(await installation.run(['token', '--as', 'bob'], { NIGHTSAFE_DEMO: '0' })).to.deep.equal(noDemo);
    const other = installation.makeFolder('other');
    expect(await installation.run(['token', '--as', 'bob'], { NIGHTSAFE_HOME: other })).to.deep.equal(noDemo);
  });

  it('is refused where the database has no demo organization, and makes no database', async () => {
    const empty = await Installation.make();
    try {
      await empty.run(['keys', 'init']);
      const { code, stdout, stderr } = await empty.run(['token', '--as', 'bob']);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.match(
        /^nightsafe: The database is not ready: .+\. Start the api first, which makes and migrates it\.\n$/,
      );
      expect(await empty.run(['token', '--as', 'bob'])).to.include({ stderr });
      await empty.begin(['api'], { NIGHTSAFE_DEMO: '0' }).serving('api');
      expect(await empty.run(['token', '--as', 'bob'])).to.deep.equal(noDemo);
    } finally {
      await empty.remove();
    }
  });
});
