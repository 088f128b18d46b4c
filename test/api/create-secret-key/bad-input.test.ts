import { expect } from 'chai';
import { clock, newTeam } from '../../support/api.js';
import { createSecretKey } from '../../support/operations.js';
import { addServiceAccounts, alterGrantee } from '../../support/people.js';
import { fakeValue, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

interface Problem {
  readonly field: string;
  readonly message: string;
}

const host = 'must be a host such as api.example.com, *.example.com or http://localhost:8080, without a path';

describe('createSecretKey with bad input', () => {
  const length = 'must have 1 to 120 characters';
  const controls = 'must not contain control characters or line breaks';
  const wellFormed = 'must be well-formed Unicode';
  const base64 = 'must be base64 (RFC 4648, padded, no line breaks)';
  const cases: Readonly<Record<string, readonly [input: Record<string, unknown>, ...problems: Problem[]]>> = {
    'an empty name': [{ name: '' }, { field: 'input.name', message: length }],
    'a name of white space': [{ name: ' \u3000\n' }, { field: 'input.name', message: length }],
    'a name of 121 characters': [{ name: '\u{1f511}'.repeat(121) }, { field: 'input.name', message: length }],
    'a name with a NUL': [{ name: 'a\u0000b' }, { field: 'input.name', message: controls }],
    'a name with a line feed': [{ name: 'a\nb' }, { field: 'input.name', message: controls }],
    'a name with a C1 control': [{ name: 'a\u0085b' }, { field: 'input.name', message: controls }],
    'a name with a line separator': [{ name: 'a\u2028b' }, { field: 'input.name', message: controls }],
    'a name with half a character': [{ name: 'a\ud83d' }, { field: 'input.name', message: wellFormed }],
    'a description of 1,001 characters': [
      { description: '\u{1f511}'.repeat(1_001) },
      { field: 'input.description', message: 'must have at most 1000 characters' },
    ],
    'a description with a control character': [
      { description: 'a\u001bb' },
      { field: 'input.description', message: 'must not contain control characters' },
    ],
    'a description with half a character': [
      { description: 'a\udd11' },
      { field: 'input.description', message: wellFormed },
    ],
    'an empty value': [{ value: '' }, { field: 'input.value', message: 'must not be empty' }],
    'a value of 65,537 bytes': [
      { value: `${'a'.repeat(65_535)}\u00e9` },
      { field: 'input.value', message: 'must have at most 65536 bytes' },
    ],
    'a value with half a character': [
      { value: 'fake-key-\ud83d' },
      { field: 'input.value', message: 'must be well-formed Unicode; send bytes as BASE64' },
    ],
    'no bytes in base64': [
      { value: '', valueEncoding: 'BASE64' },
      { field: 'input.value', message: 'must not be empty' },
    ],
    'base64 without padding': [
      { value: 'AA', valueEncoding: 'BASE64' },
      { field: 'input.value', message: base64 },
    ],
    'base64 of the alphabet for URLs': [
      { value: '-_-_', valueEncoding: 'BASE64' },
      { field: 'input.value', message: base64 },
    ],
    'base64 with a line break': [
      { value: 'AAAA\n', valueEncoding: 'BASE64' },
      { field: 'input.value', message: base64 },
    ],
    'base64 with stray bits at the end': [
      { value: 'AB==', valueEncoding: 'BASE64' },
      { field: 'input.value', message: base64 },
    ],
    'an expiry in the past': [
      { expiresAt: '2020-01-01T00:00:00Z' },
      { field: 'input.expiresAt', message: 'must lie in the future' },
    ],
    'no placement': [{ placements: [] }, { field: 'input.placements', message: 'must name at least one' }],
    'no way of use': [{ uses: [] }, { field: 'input.uses', message: 'must name at least one' }],
    'RAW without a reason': [
      { uses: ['RAW'], rawReason: ' ' },
      { field: 'input.rawReason', message: 'is required to let code have the value itself' },
    ],
    'RAW with a value that cannot be masked': [
      { uses: ['RAW'], rawReason: 'A test.', value: 'fakekey' },
      { field: 'input.uses', message: 'must not contain RAW for a value of fewer than 8 bytes' },
    ],
    'more than 50 hosts': [
      { allowedHosts: Array.from({ length: 51 }, (_, index) => `h${index}.example.com`) },
      { field: 'input.allowedHosts', message: 'must have at most 50 elements' },
    ],
    'an unknown level': [
      { access: { level: 'EVERYONE' } },
      { field: 'input.access.level', message: 'is not one of the allowed values' },
    ],
    'a field that is not known': [{ secret: 'fake' }, { field: 'input', message: 'has a field that is not known' }],
    'no name': [{ name: undefined }, { field: 'input.name', message: 'is required' }],
    'no value': [{ value: null }, { field: 'input.value', message: 'is required' }],
    'an expiry without a time zone': [
      { expiresAt: '2099-01-01T00:00:00' },
      { field: 'input.expiresAt', message: 'is not a valid DateTime' },
    ],
    'everything at once': [
      { name: '', value: '', allowedHosts: ['ok.example.com', 'a b'], placements: [], expiresAt: '1999-01-01T00:00Z' },
      { field: 'input.name', message: length },
      { field: 'input.expiresAt', message: 'must lie in the future' },
      { field: 'input.allowedHosts[1]', message: host },
      { field: 'input.placements', message: 'must name at least one' },
      { field: 'input.value', message: 'must not be empty' },
    ],
  };
  for (const [what, [input, ...fields]] of Object.entries(cases)) {
    it(`names the field of ${what}, never what is in it, and stores nothing`, async () => {
      const team = await newTeam();
      const canary = fakeValue();
      const { data, errors, text } = await unchanged(team, () =>
        team.bob.ask(createSecretKey, { input: { name: uniqueName(), value: canary, ...input } }),
      );
      expect(data ?? null).to.equal(null);
      expect(errors?.map(({ extensions }) => extensions)).to.deep.equal([{ code: 'BAD_USER_INPUT', fields }]);
      expect(text).not.to.include(canary);
    });
  }

  it('names each host that is none', async () => {
    const { bob } = await newTeam();
    const hosts = [
      '',
      '.',
      '*',
      '*.com',
      '**.example.com',
      'a.*.example.com',
      '*.192.0.2.1',
      '*.[::1]',
      'example.com.',
      'a..example.com',
      '-a.example.com',
      'a b.example.com',
      'user@example.com',
      'example.com/path',
      'example.com?q',
      'example.com#f',
      'example.com\\path',
      'example.com:',
      'example.com:0',
      'example.com:65536',
      'example.com:443:443',
      'ftp://example.com',
      '//example.com',
      'http://',
      '::1',
      '[::1',
      '[fe80::1%25eth0]',
      '[192.0.2.1]',
      '256.256.256.256',
      'xn--a',
      `${'a'.repeat(64)}.example.com`,
      `${'a.'.repeat(150)}com`,
    ];
    for (let start = 0; start < hosts.length; start += 16) {
      const allowedHosts = hosts.slice(start, start + 16);
      const refusal = await bob.refusal(createSecretKey, {
        input: { name: uniqueName(), value: fakeValue(), allowedHosts },
      });
      expect(refusal).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: allowedHosts.map((_, index) => ({ field: `input.allowedHosts[${index}]`, message: host })),
      });
    }
  });

  it('refuses an expiry that is now', async () => {
    const { bob } = await newTeam();
    const expiresAt = new Date(clock.now()).toISOString();
    expect(
      await bob.refusal(createSecretKey, { input: { name: uniqueName(), value: fakeValue(), expiresAt } }),
    ).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input.expiresAt', message: 'must lie in the future' }],
    });
  });

  it('names the grants whose grantee is nobody here or is given twice', async () => {
    const team = await newTeam();
    const { bob, carol, growth, stranger } = team;
    const [gone = growth] = await addServiceAccounts(team, 1);
    await alterGrantee(team, gone, { state: 'DELETED' });
    const granteeIds = [carol.id, stranger.id, growth, carol.id, 'not-an-id', carol.id.toUpperCase(), gone];
    const grants = granteeIds.map((granteeId) => ({ granteeId, permission: 'USE' }));
    const input = { name: uniqueName(), value: fakeValue(), access: { level: 'RESTRICTED', grants } };
    const nobody = 'is nobody in this organization';
    expect(await unchanged(team, () => bob.refusal(createSecretKey, { input }))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [
        { field: 'input.access.grants[1].granteeId', message: nobody },
        { field: 'input.access.grants[3].granteeId', message: 'is given twice' },
        { field: 'input.access.grants[4].granteeId', message: nobody },
        { field: 'input.access.grants[5].granteeId', message: nobody },
        { field: 'input.access.grants[6].granteeId', message: nobody },
      ],
    });
  });

  it('refuses more than 500 grants', async () => {
    const { bob, carol } = await newTeam();
    const grants = Array.from({ length: 501 }, () => ({ granteeId: carol.id, permission: 'USE' }));
    const input = { name: uniqueName(), value: fakeValue(), access: { level: 'TEAM', grants } };
    expect(await bob.refusal(createSecretKey, { input })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input.access.grants', message: 'must have at most 500 elements' }],
    });
  });
});
