import { expect } from 'chai';
import { canaryOf } from './traces.js';

describe('the search for a fake secret', () => {
  const canary = canaryOf('canaryOfTheSearch', 'notARealSecretEither');
  const { text } = canary;
  const percent = [...text].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('');
  const escaped = [...text].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('');

  for (const [form, haystack] of [
    ['plain', `before ${text} after`],
    ['plain', `{"upper":"${text.toUpperCase()}"}`],
    ['reversed', [...text].reverse().join('')],
    ['hex', Buffer.from(`x${text}`).toString('hex')],
    ['hex', Buffer.from(text).toString('hex').toUpperCase()],
    ['percent', percent],
    ['JSON escapes', escaped],
    ['UTF-16', Buffer.from(`x${text}`, 'utf16le')],
    ['UTF-16', Buffer.from(text, 'utf16le').swap16()],
    ['base64', Buffer.from(text).toString('base64')],
    ['base64', Buffer.from(`?${text}?`).toString('base64')],
    ['base64', Buffer.from(`??${text}??`).toString('base64url')],
  ] as const) {
    it(`finds it as ${form} in ${haystack.toString().slice(0, 24)}…, also when it is cut off`, () => {
      expect(canary.traces(haystack)).to.deep.equal([form]);
      expect(canary.traces(haystack.slice(0, Math.ceil(haystack.length * 0.75)))).to.deep.equal([form]);
      expect(canary.traces(haystack.slice(Math.floor(haystack.length * 0.4)))).to.deep.equal([form]);
    });
  }

  it('finds nothing where it is not', () => {
    expect(canary.traces('canary of the search, not a real secret')).to.deep.equal([]);
    expect(canary.traces(new Uint8Array(100))).to.deep.equal([]);
  });
});
