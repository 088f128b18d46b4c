import { expect } from 'chai';
import fc from 'fast-check';
import { newId, type SecretKeyId } from '../../../src/ids.js';
import { Placeholders } from '../../../src/runner/sandbox/placeholders.js';

const first = newId<SecretKeyId>();
const second = newId<SecretKeyId>();
const nameOf = (placeholder: string): string => placeholder.replace('nightsafe_placeholder_', '');

/** What `btoa` in the sandbox makes of a text with this placeholder in it. */
const derived = (text: string, from: string): string =>
  `nightsafe_derived_${nameOf(from)}_${Buffer.from(text).toString('base64url')}.end`;

describe('placeholders of a run', () => {
  it('are the same for the same key, other for another key, and other in another run', () => {
    const placeholders = new Placeholders();
    const a = placeholders.forKey(first);
    expect(a).to.match(/^nightsafe_placeholder_[\w-]{22}$/);
    expect(placeholders.forKey(first)).to.equal(a);
    expect(placeholders.forKey(second)).not.to.equal(a);
    expect(new Placeholders().forKey(first)).not.to.equal(a);
  });

  it('are split out of any text around them, and everything else stays as it was', () => {
    const placeholders = new Placeholders();
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.constantFrom(first, second))), (items) => {
        const isKey = (item: string): item is SecretKeyId => item === first || item === second;
        const joined = items.map((item) => (isKey(item) ? placeholders.forKey(item) : item)).join('');
        const parts = placeholders.split(joined);
        const again = parts.map((part) => {
          if ('text' in part) return part.text;
          return 'secretKeyId' in part ? placeholders.forKey(part.secretKeyId) : '';
        });
        expect(again.join('')).to.equal(joined);
        const keys = parts.flatMap((part) => ('secretKeyId' in part ? [part.secretKeyId] : []));
        expect(keys).to.deep.equal(items.filter(isKey));
        expect(parts).not.to.deep.include({ text: '' });
      }),
    );
  });

  it('in base64 are resolved to the base64 of their parts; inside of each other they are letters', () => {
    const placeholders = new Placeholders();
    const key = placeholders.forKey(first);
    const inner = derived(`user:${key}`, key);
    expect(placeholders.split(`Basic ${inner}`)).to.deep.equal([
      { text: 'Basic ' },
      { base64Of: [{ text: 'user:' }, { secretKeyId: first }] },
    ]);
    expect(placeholders.split(derived(`é${inner}!${key}`, key))).to.deep.equal([
      { base64Of: [{ text: `é${inner}!` }, { secretKeyId: first }] },
    ]);
    expect(placeholders.base64(inner)).to.equal(Buffer.from(inner).toString('base64'));
  });

  it('of another run, cut, reversed or made up are letters', () => {
    const placeholders = new Placeholders();
    const key = placeholders.forKey(first);
    const foreign = new Placeholders().forKey(first);
    for (const text of [
      foreign,
      derived(key, foreign),
      key.slice(0, -1),
      [...key].reverse().join(''),
      key.toUpperCase(),
      `nightsafe_placeholder_${'A'.repeat(22)}`,
      derived(key, key).slice(0, -1),
    ]) {
      expect(placeholders.split(text), text).to.deep.equal([{ text }]);
    }
    expect(placeholders.split('')).to.deep.equal([]);
  });

  it('whose base64 is not text in UTF-8 are letters', () => {
    const placeholders = new Placeholders();
    const name = nameOf(placeholders.forKey(first));
    const text = `nightsafe_derived_${name}_${Buffer.from([0xc3, 0x28]).toString('base64url')}.end`;
    expect(placeholders.split(text)).to.deep.equal([{ text }]);
  });
});
