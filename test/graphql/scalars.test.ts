import { expect } from 'chai';
import { DateTime } from '../../src/graphql/scalars.js';

describe('DateTime', () => {
  it('takes ISO 8601 instants of any offset and gives them back in UTC', () => {
    for (const [text, utc] of [
      ['2030-01-31T09:30:00Z', '2030-01-31T09:30:00.000Z'],
      ['2030-01-31T09:30Z', '2030-01-31T09:30:00.000Z'],
      ['2030-01-31T00:30:00.5+02:00', '2030-01-30T22:30:00.500Z'],
      ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
      ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ] as const) {
      expect(DateTime.serialize(DateTime.parseValue(text))).to.equal(utc);
    }
  });

  it('refuses days that do not exist, years that cannot be given back, and everything else, without quoting it', () => {
    for (const value of [
      '2030-02-31T00:00:00Z',
      '2030-13-01T00:00:00Z',
      '9999-12-31T23:59:59-23:59',
      '1969-12-31T23:59:59Z',
      '2030-01-31',
      '2030-01-31T09:30:00',
      'tomorrow',
      1_900_000_000_000,
      null,
    ]) {
      expect(() => DateTime.parseValue(value)).to.throw(
        'DateTime must be an ISO 8601 instant with a time zone, from 1970 to 9999.',
      );
    }
  });
});
