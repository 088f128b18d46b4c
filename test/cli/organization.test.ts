import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ask, Installation, refusal } from '../start/installation.js';

const issuer = 'https://id.example.test';
const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });

const tokenFor = (subject: string): Promise<string> =>
  new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
    .setIssuer(issuer)
    .setAudience('nightsafe')
    .setExpirationTime('1h')
    .sign(privateKey);

describe('nightsafe organization', () => {
  let installation: Installation;
  let port: number;
  before(async () => {
    installation = await Installation.make({
      NIGHTSAFE_DEMO: '0',
      NIGHTSAFE_OIDC_ISSUER: issuer,
      NIGHTSAFE_OIDC_AUDIENCE: 'nightsafe',
      NIGHTSAFE_OIDC_JWKS_FILE: 'jwks.json',
    });
    writeFileSync(
      join(installation.folder, 'jwks.json'),
      JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' }] }),
    );
    await installation.run(['keys', 'init']);
    port = (await installation.begin(['api']).serving('api')).port;
  });
  after(() => installation.remove());

  const create = (options: Readonly<Record<string, string>>) =>
    installation.run(['organization', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])]);
  const given = (slug: string) => ({ slug, name: 'Globex', 'admin-subject': `ada@${slug}`, 'admin-name': 'Ada' });

  it('creates one, prints its id, and its first administrator can sign in and work', async () => {
    const { stdout, ...ended } = await create(given('globex'));
    expect(ended).to.deep.equal({ code: 0, signal: null, stderr: '' });
    expect(
      await installation.sql('SELECT id, slug, name, is_demo FROM organization WHERE slug = ?', ['globex']),
    ).to.deep.equal([{ id: stdout.trim(), slug: 'globex', name: 'Globex', is_demo: 0 }]);
    expect(
      await ask(port, await tokenFor('ada@globex'), '{ viewer { name role organization { name } } }'),
    ).to.deep.equal({
      status: 200,
      body: { data: { viewer: { name: 'Ada', role: 'ADMIN', organization: { name: 'Globex' } } } },
    });
    const verified = await installation.run(['audit', 'verify', '--organization', 'globex']);
    expect(verified.stdout).to.match(/^globex: 2 records, intact; /);
  });

  it('takes an issuer other than the configured one', async () => {
    await create({ ...given('elsewhere'), issuer: 'https://other.example.test/' });
    expect(
      await installation.sql('SELECT issuer, subject FROM identity WHERE subject = ?', ['ada@elsewhere']),
    ).to.deep.equal([{ issuer: 'https://other.example.test/', subject: 'ada@elsewhere' }]);
  });

  it('takes a person who is in another organization already', async () => {
    await create({ ...given('first'), 'admin-subject': 'both' });
    expect((await create({ ...given('second'), 'admin-subject': 'both' })).code).to.equal(0);
    const rows = await installation.sql(
      'SELECT o.slug FROM identity i JOIN organization o ON o.id = i.organization_id WHERE i.subject = ? ORDER BY o.slug',
      ['both'],
    );
    expect(rows).to.deep.equal([{ slug: 'first' }, { slug: 'second' }]);
  });

  it('refuses a slug that is taken, and changes nothing', async () => {
    await create(given('taken'));
    expect(await create({ ...given('taken'), 'admin-subject': 'eve' })).to.deep.equal(
      refusal('An organization with this slug exists.'),
    );
    expect(await installation.sql("SELECT subject FROM identity WHERE subject = 'eve'")).to.deep.equal([]);
  });

  it('refuses what it cannot take, naming the option and repeating nothing', async () => {
    const everyOption = 'give --slug, --name, --admin-subject and --admin-name. Try `nightsafe help`.';
    const slug = '--slug must have 1 to 63 lower-case letters, digits and hyphens. Try `nightsafe help`.';
    const subject =
      '--admin-subject must have 1 to 255 printable ASCII characters, no space at either end. Try `nightsafe help`.';
    for (const [wrong, sentence] of [
      [{ 'admin-name': '' }, everyOption],
      [{ slug: 'Canary' }, slug],
      [{ slug: '-' }, slug],
      [{ slug: 'a'.repeat(64) }, slug],
      [{ 'admin-subject': ' canary' }, subject],
      [{ 'admin-subject': 'a'.repeat(256) }, subject],
      [{ issuer: 'canary' }, '--issuer must be an http or https URL without query and fragment. Try `nightsafe help`.'],
      [{ name: '   ' }, 'Invalid input: --name must have 1 to 120 characters.'],
      [
        { name: 'a'.repeat(121), 'admin-name': 'a\nb' },
        'Invalid input: --name must have 1 to 120 characters; --admin-name must not contain control characters or line breaks.',
      ],
    ] as const) {
      expect(await create({ ...given('wrong'), ...wrong })).to.deep.equal(refusal(sentence, 2));
    }
    expect(await installation.run(['organization'])).to.deep.equal(refusal(everyOption, 2));
  });

  it('asks for an issuer where none is configured', async () => {
    const without = {
      NIGHTSAFE_OIDC_ISSUER: undefined,
      NIGHTSAFE_OIDC_AUDIENCE: undefined,
      NIGHTSAFE_OIDC_JWKS_FILE: undefined,
    };
    const words = Object.entries(given('none')).flatMap(([name, value]) => [`--${name}`, value]);
    expect(await installation.run(['organization', ...words], without)).to.deep.equal(
      refusal('give --issuer, or set NIGHTSAFE_OIDC_ISSUER. Try `nightsafe help`.', 2),
    );
  });
});
