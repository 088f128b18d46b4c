import { expect } from 'chai';
import { maxBearerTokenLength, readBearer } from '../../src/authentication/bearer.js';
import { answerOf } from './answer.js';

const refusedWith = (message: string) => ({ code: 'UNAUTHENTICATED', message, extensions: {}, detail: undefined });
const read = (authorization: string | undefined) => answerOf(async () => readBearer(authorization));

describe('authentication/bearer', () => {
  it('reads the token, whatever the case of the scheme and however many spaces follow it', () => {
    const token = 'fake-Canary.0_~+/9==';
    expect([`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`].map(readBearer)).to.deep.equal([
      token,
      token,
      token,
    ]);
  });

  it('asks for a token when the header is absent or empty', async () => {
    const expected = refusedWith('A bearer token is required.');
    expect([await read(undefined), await read('')]).to.deep.equal([expected, expected]);
  });

  it('refuses every other form with one sentence that does not repeat the header', async () => {
    const headers = [
      'Bearer',
      'Bearer ',
      'Bearerfake-canary',
      'Basic ZmFrZTpjYW5hcnk=',
      'Bearer fake canary',
      'Bearer fake-canary, Bearer fake-canary',
      'Bearer "fake-canary"',
      'Bearer fake=canary',
      'Bearer ==',
      ' Bearer fake-canary',
      'Bearer fake-canary ',
      'Bearer\tfake-canary',
      'Bearer fake-canary\n',
      'Bearer fäke-canary',
    ];
    const expected = refusedWith('The Authorization header must be the word Bearer and one token.');
    expect(await Promise.all(headers.map(read))).to.deep.equal(headers.map(() => expected));
  });

  it('takes a token of 8 KiB and not one character more', async () => {
    const longest = 'x'.repeat(maxBearerTokenLength);
    expect(maxBearerTokenLength).to.equal(8192);
    expect(readBearer(`Bearer ${longest}`)).to.equal(longest);
    expect(await read(`Bearer ${longest}x`)).to.deep.equal(refusedWith('The bearer token is too long.'));
  });
});
