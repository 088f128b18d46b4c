import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { createDemoIssuer, loadDemoIssuer, loadDemoProvider } from '../../src/authentication/demo-issuer.js';
import { createJwtVerifier } from '../../src/authentication/json-web-token.js';
import { OperatorError } from '../../src/operator-error.js';
import { answerOf } from './answer.js';

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

describe('authentication/demo-issuer', () => {
  let folder: string;
  let home: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightsafe-demo-'));
    home = join(folder, 'home');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is null, and makes nothing, where none was created', async () => {
    expect([await loadDemoIssuer(home), await loadDemoProvider(home)]).to.deep.equal([null, null]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('signs tokens that the public half accepts, before and after a restart', async () => {
    const created = await createDemoIssuer(home);
    const loaded = await loadDemoIssuer(home);
    const provider = await loadDemoProvider(home);
    if (!loaded || !provider) throw new Error('The files are missing.');
    const verify = createJwtVerifier([provider]);
    const person = { issuer: 'https://demo.nightsafe.invalid', subject: 'ada' };
    expect(await verify(await created.tokenFor('ada'))).to.deep.equal(person);
    expect(await verify(await loaded.tokenFor('ada'))).to.deep.equal(person);
    expect([created.provider, loaded.provider]).to.deep.equal([provider, provider]);
  });

  it('gives a token 12 hours, or the lifetime asked for', async () => {
    const { tokenFor } = await createDemoIssuer(home);
    const lifetimeOf = (token: string): number => {
      const { iat, exp } = decodeJwt(token);
      return (exp ?? 0) - (iat ?? 0);
    };
    expect([lifetimeOf(await tokenFor('ada')), lifetimeOf(await tokenFor('ada', 60))]).to.deep.equal([43_200, 60]);
  });

  it('gives a token that has expired when asked for one', async () => {
    const { provider, tokenFor } = await createDemoIssuer(home);
    expect(await answerOf(async () => createJwtVerifier([provider])(await tokenFor('ada', -1)))).to.deep.equal({
      code: 'UNAUTHENTICATED',
      message: 'The bearer token is not valid.',
      extensions: {},
      detail: 'ERR_JWT_EXPIRED exp',
    });
  });

  it('keeps the private key for the owner alone, and out of the public file', async () => {
    await createDemoIssuer(home);
    const { d: privateScalar, ...publicHalf } = JSON.parse(await readFile(join(home, 'demo-signing-key.json'), 'utf8'));
    expect((await stat(join(home, 'demo-signing-key.json'))).mode & 0o777).to.equal(0o600);
    expect((await stat(home)).mode & 0o777).to.equal(0o700);
    expect(privateScalar).to.match(/^[\w-]{43}$/);
    expect(JSON.parse(await readFile(join(home, 'demo-public-keys.json'), 'utf8'))).to.deep.equal({
      keys: [publicHalf],
    });
  });

  it('never replaces a key that exists', async () => {
    const first = await createDemoIssuer(home);
    expect(await failureOf(createDemoIssuer(home))).to.include({ code: 'EEXIST' });
    expect((await loadDemoProvider(home)) ?? null).to.deep.equal(first.provider);
  });

  it('names a damaged file without repeating what is in it', async () => {
    await createDemoIssuer(home);
    for (const [file, load] of [
      ['demo-signing-key.json', loadDemoIssuer],
      ['demo-public-keys.json', loadDemoProvider],
    ] as const) {
      await writeFile(join(home, file), 'fake-canary');
      const failure = await failureOf(load(home));
      expect(failure)
        .to.be.instanceOf(OperatorError)
        .with.property('message', `No key can be read from ${join(home, file)}.`);
      expect(failure).to.not.have.property('cause');
    }
  });
});
