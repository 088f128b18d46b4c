import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createSecretKey, secretKey } from '../../support/operations.js';
import { addServiceAccounts } from '../../support/people.js';
import { createKey, deleteKey, fakeValue, uniqueName } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, signedAccess } from '../../support/stored.js';

const everything = ['USE', 'USE_RAW', 'RENAME', 'UPDATE_VALUE', 'SET_ACCESS', 'SET_USE', 'ALLOW_RAW', 'DELETE'];

describe('createSecretKey', () => {
  it('restricts a key to its creator, who manages it, when nothing else is said', async () => {
    const team = await newTeam();
    const { bob } = team;
    const value = fakeValue();
    const { createSecretKey: created } = await bob.data(createSecretKey, { input: { name: 'Payments', value } });
    const { id, createdAt } = created.secretKey;
    expect(created).to.deep.equal({
      secretKey: {
        id,
        name: 'Payments',
        description: null,
        accessLevel: 'RESTRICTED',
        accessRevision: 1,
        grants: [{ grantee: { id: bob.id, kind: 'PERSON', name: 'Bob' }, permission: 'MANAGE' }],
        viewerCan: everything,
        allowedHosts: [],
        allowsAnyHost: false,
        placements: ['HEADER'],
        uses: ['SEND_API_REQUEST', 'RUN_CODE'],
        valueVersion: 1,
        valueUpdatedAt: createdAt,
        expiresAt: null,
        lastUsedAt: null,
        createdBy: { id: bob.id, kind: 'PERSON', name: 'Bob' },
        createdAt,
        updatedAt: createdAt,
        deletedAt: null,
      },
      warnings: [{ code: 'NO_ALLOWED_HOSTS' }],
    });
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: created.secretKey });
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
    const terms = {
      accessLevel: 'RESTRICTED',
      grants: [{ granteeId: bob.id, permission: 'MANAGE' }],
      allowedHosts: [],
      allowsAnyHost: false,
      placements: ['HEADER'],
      uses: ['SEND_API_REQUEST', 'RUN_CODE'],
      expiresAt: null,
    };
    expect(await signedAccess(team, id)).to.deep.equal({ ...terms, accessRevision: 1 });
    expect(await recordedEvents(team)).to.deep.equal([
      {
        type: 'secretKey.created',
        actor: 'Bob',
        subject: { type: 'SecretKey', id, name: 'Payments' },
        details: terms,
        rule: 'secret-key/create',
      },
    ]);
  });

  it('keeps every setting as given, in canonical form and order', async () => {
    const team = await newTeam();
    const { alice } = team;
    const { createSecretKey: created } = await alice.data(createSecretKey, {
      input: {
        name: '  Cafe\u0301 API \n',
        description: 'Two\nlines of Cafe\u0301',
        value: fakeValue(),
        allowedHosts: ['b.example.com', 'A.example.com', 'a.example.com'],
        placements: ['BODY', 'HEADER', 'BODY'],
        uses: ['RAW', 'JWT', 'RUN_CODE', 'JWT'],
        rawReason: 'A library takes nothing else.',
        expiresAt: '2099-01-31T10:30:00+01:00',
      },
    });
    const { name, description, allowedHosts, placements, uses, expiresAt } = created.secretKey;
    expect({ name, description, allowedHosts, placements, uses, expiresAt }).to.deep.equal({
      name: 'Caf\u00e9 API',
      description: 'Two\nlines of Caf\u00e9',
      allowedHosts: ['a.example.com', 'b.example.com'],
      placements: ['HEADER', 'BODY'],
      uses: ['RUN_CODE', 'JWT', 'RAW'],
      expiresAt: '2099-01-31T09:30:00.000Z',
    });
    const grants = [{ granteeId: alice.id, permission: 'MANAGE' }];
    const terms = { allowedHosts, allowsAnyHost: false, placements, uses, expiresAt: Date.parse(expiresAt) };
    expect(await signedAccess(team, created.secretKey.id)).to.deep.equal({
      accessRevision: 1,
      accessLevel: 'RESTRICTED',
      grants,
      ...terms,
    });
    const [event] = await recordedEvents(team);
    expect(event?.details).to.deep.equal({
      accessLevel: 'RESTRICTED',
      grants,
      ...terms,
      rawReason: 'A library takes nothing else.',
    });
  });

  it('gives the grants that are asked for beside the Manage grant of the creator, which stays as it is', async () => {
    const team = await newTeam();
    const { bob, carol, deployBot, growth } = team;
    const { createSecretKey: created } = await bob.data(createSecretKey, {
      input: {
        name: uniqueName(),
        value: fakeValue(),
        access: {
          level: 'RESTRICTED',
          grants: [
            { granteeId: growth, permission: 'USE' },
            { granteeId: bob.id, permission: 'USE' },
            { granteeId: carol.id, permission: 'MANAGE' },
            { granteeId: deployBot.id, permission: 'USE' },
          ],
        },
      },
    });
    expect(created.secretKey.grants).to.deep.equal([
      { grantee: { id: bob.id, kind: 'PERSON', name: 'Bob' }, permission: 'MANAGE' },
      { grantee: { id: carol.id, kind: 'PERSON', name: 'Carol' }, permission: 'MANAGE' },
      { grantee: { id: growth, kind: 'GROUP', name: 'Growth' }, permission: 'USE' },
      { grantee: { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' }, permission: 'USE' },
    ]);
    expect((await signedAccess(team, created.secretKey.id)).grants).to.have.deep.members([
      { granteeId: bob.id, permission: 'MANAGE' },
      { granteeId: carol.id, permission: 'MANAGE' },
      { granteeId: growth, permission: 'USE' },
      { granteeId: deployBot.id, permission: 'USE' },
    ]);
  });

  it('opens a Team key to everyone in the organization, and to nobody else', async () => {
    const { alice, bob, carol, dave, deployBot, stranger } = await newTeam();
    const id = await createKey(bob, { level: 'TEAM' });
    const seen = async (client: typeof bob) => {
      const { secretKey: key } = await client.data(secretKey, { id });
      return key && { accessLevel: key.accessLevel, viewerCan: key.viewerCan, grants: key.grants?.length ?? null };
    };
    expect({
      alice: await seen(alice),
      bob: await seen(bob),
      carol: await seen(carol),
      dave: await seen(dave),
      deployBot: await seen(deployBot),
      stranger: await seen(stranger),
    }).to.deep.equal({
      alice: { accessLevel: 'TEAM', viewerCan: everything, grants: 1 },
      bob: { accessLevel: 'TEAM', viewerCan: everything, grants: 1 },
      carol: { accessLevel: 'TEAM', viewerCan: ['USE', 'USE_RAW'], grants: null },
      dave: { accessLevel: 'TEAM', viewerCan: [], grants: 1 },
      deployBot: { accessLevel: 'TEAM', viewerCan: ['USE', 'USE_RAW'], grants: null },
      stranger: null,
    });
  });

  it('lets a service account create a key that a person or a group of people manages', async () => {
    const team = await newTeam();
    const { bob, deployBot, platform } = team;
    for (const granteeId of [bob.id, platform]) {
      const id = await createKey(deployBot, { grants: [{ granteeId, permission: 'MANAGE' }] });
      expect((await signedAccess(team, id)).grants).to.have.deep.members([
        { granteeId: deployBot.id, permission: 'MANAGE' },
        { granteeId, permission: 'MANAGE' },
      ]);
      const { secretKey: key } = await deployBot.data(secretKey, { id });
      expect([key.createdBy, key.viewerCan]).to.deep.equal([
        { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' },
        everything,
      ]);
    }
  });

  it('seals exactly the bytes that it was given, from 1 to 65,536', async () => {
    const team = await newTeam();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const values: readonly (readonly [value: string, encoding: string | null | undefined, sealed: Buffer])[] = [
      ['x', undefined, Buffer.from('x')],
      ['\u0000', 'UTF8', Buffer.from([0])],
      [' not-a-real-secret \r\n', 'UTF8', Buffer.from(' not-a-real-secret \r\n')],
      ['Cafe\u0301 \u{1f511}', null, Buffer.from('Cafe\u0301 \u{1f511}')],
      ['a'.repeat(65_536), 'UTF8', Buffer.alloc(65_536, 'a')],
      ['\u{1f511}'.repeat(16_384), 'UTF8', Buffer.from('\u{1f511}'.repeat(16_384))],
      ['AA==', 'BASE64', Buffer.from([0])],
      [bytes.toString('base64'), 'BASE64', bytes],
      [Buffer.alloc(65_536, 255).toString('base64'), 'BASE64', Buffer.alloc(65_536, 255)],
    ];
    for (const [value, valueEncoding, sealed] of values) {
      const { createSecretKey: created } = await team.bob.data(createSecretKey, {
        input: { name: uniqueName(), value, valueEncoding },
      });
      expect((await openStoredValue(team, created.secretKey.id)).equals(sealed)).to.equal(true);
    }
  });

  it('warns of what may not be as meant, and stores it', async () => {
    const { bob } = await newTeam();
    const allowedHosts = ['api.example.com'];
    const cases: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
      [{ value: 'fake-key', allowedHosts }, []],
      [{ value: 'fakekey', allowedHosts }, ['SHORT_VALUE']],
      [{ value: '000000', allowedHosts }, ['SHORT_VALUE', 'GUESSABLE_VALUE']],
      [{ value: '0'.repeat(15), allowedHosts }, ['GUESSABLE_VALUE']],
      [{ value: '0'.repeat(16), allowedHosts }, []],
      [{ value: '\u00e9\u00e9\u00e9\u00e9', allowedHosts }, []],
      [{ value: 'fake-key\n', allowedHosts }, ['TRAILING_NEWLINE']],
      [{ value: ' fake-key\r\n', allowedHosts }, ['TRAILING_NEWLINE']],
      [{ value: 'fake-key ', allowedHosts }, ['SURROUNDING_SPACE']],
      [{ value: '\tfake-key', allowedHosts }, ['SURROUNDING_SPACE']],
      [{ value: 'fake-key\r', allowedHosts }, ['SURROUNDING_SPACE']],
      [{ value: 'fake-key' }, ['NO_ALLOWED_HOSTS']],
      [{ value: 'fake-key', allowedHosts, uses: ['RAW'], rawReason: 'A test.' }, ['RAW_USE']],
      [{ value: 'fake\n' }, ['SHORT_VALUE', 'TRAILING_NEWLINE', 'NO_ALLOWED_HOSTS']],
    ];
    for (const [input, codes] of cases) {
      const { createSecretKey: created } = await bob.data(createSecretKey, { input: { name: uniqueName(), ...input } });
      expect(created.warnings).to.deep.equal(codes.map((code) => ({ code })));
    }
  });

  it('explains a warning in a sentence that says nothing of the value', async () => {
    const { bob } = await newTeam();
    const data = await bob.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { warnings { code message } } }',
      { input: { name: uniqueName(), value: 'fake\n', uses: ['RUN_CODE'] } },
    );
    expect(data.createSecretKey.warnings).to.deep.equal([
      {
        code: 'SHORT_VALUE',
        message: 'The value has fewer than 8 bytes. So short a text cannot be masked when a server sends it back.',
      },
      { code: 'TRAILING_NEWLINE', message: 'The value ends with a line break. It was stored as given.' },
      { code: 'NO_ALLOWED_HOSTS', message: 'No request can carry this key until a host is allowed.' },
    ]);
  });

  it('stores allowed hosts in the one form that requests are compared with', async () => {
    const { bob } = await newTeam();
    const canonical: Readonly<Record<string, string>> = {
      'API.Example.com': 'api.example.com',
      ' padded.example.com ': 'padded.example.com',
      'm\u00fcnchen.example': 'xn--mnchen-3ya.example',
      '*.M\u00dcNCHEN.example': '*.xn--mnchen-3ya.example',
      'fa\u00df.example': 'xn--fa-hia.example',
      '\uff46\uff55\uff4c\uff4c.example.com': 'full.example.com',
      'ideographic\u3002example': 'ideographic.example',
      '*.example.com': '*.example.com',
      '_dmarc.example.com': '_dmarc.example.com',
      localhost: 'localhost',
      'http://localhost:8080': 'http://localhost:8080',
      'HTTP://Plain.example.com:80': 'http://plain.example.com',
      'http://tls-port.example.com:443': 'http://tls-port.example.com:443',
      'http://*.plain.example.com:8080': 'http://*.plain.example.com:8080',
      'https://tls.example.com': 'tls.example.com',
      'tls-default.example.com:443': 'tls-default.example.com',
      'port.example.com:80': 'port.example.com:80',
      'port.example.com:65535': 'port.example.com:65535',
      'zero.example.com:08443': 'zero.example.com:8443',
      '192.0.2.1': '192.0.2.1',
      '192.0.513': '192.0.2.1',
      '0xc0000202': '192.0.2.2',
      '[2001:DB8:0:0:0:0:0:1]': '[2001:db8::1]',
      '[::ffff:192.0.2.3]:8443': '[::ffff:c000:203]:8443',
      'http://[::1]:80': 'http://[::1]',
      [`${'a'.repeat(63)}.example.com`]: `${'a'.repeat(63)}.example.com`,
    };
    const { createSecretKey: created } = await bob.data(createSecretKey, {
      input: { name: uniqueName(), value: fakeValue(), allowedHosts: Object.keys(canonical) },
    });
    expect(created.secretKey.allowedHosts).to.deep.equal([...new Set(Object.values(canonical))].sort());
  });

  it('takes names of 1 to 120 characters of any script, trimmed and in NFC', async () => {
    const { bob } = await newTeam();
    const names: readonly (readonly [given: string, kept: string])[] = [
      ['k', 'k'],
      ['\u{1f511}'.repeat(120), '\u{1f511}'.repeat(120)],
      [` \t${'e\u0301'.repeat(120)}\u3000\n`, '\u00e9'.repeat(120)],
      ['\u00df'.repeat(120), '\u00df'.repeat(120)],
      ['\u0390'.repeat(120), '\u0390'.repeat(120)],
      ['\u5bc6\u94a5 100% _x_ \\ \' "', '\u5bc6\u94a5 100% _x_ \\ \' "'],
    ];
    for (const [name, kept] of names) {
      const { createSecretKey: created } = await bob.data(createSecretKey, { input: { name, value: fakeValue() } });
      expect(created.secretKey.name).to.equal(kept);
    }
  });

  it('takes an empty description for none, and one of 1,000 characters whole', async () => {
    const { bob } = await newTeam();
    for (const [given, kept] of [
      [' \n ', null],
      [null, null],
      ['\u{1f511}'.repeat(1_000), '\u{1f511}'.repeat(1_000)],
    ]) {
      const { createSecretKey: created } = await bob.data(createSecretKey, {
        input: { name: uniqueName(), value: fakeValue(), description: given },
      });
      expect(created.secretKey.description).to.equal(kept);
    }
  });

  it('takes 500 grants', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const accounts = await addServiceAccounts(team, 499);
    const granteeIds = [carol.id, ...accounts];
    const id = await createKey(bob, {
      grants: granteeIds.map((granteeId) => ({ granteeId, permission: 'USE' })),
    });
    expect((await signedAccess(team, id)).grants).to.have.deep.members([
      { granteeId: bob.id, permission: 'MANAGE' },
      ...granteeIds.map((granteeId) => ({ granteeId, permission: 'USE' })),
    ]);
  });

  it('takes a name again once the key that had it is deleted', async () => {
    const { bob, carol } = await newTeam();
    const name = uniqueName();
    await deleteKey(bob, await createKey(bob, { name }));
    const id = await createKey(carol, { name: name.toUpperCase() });
    expect((await carol.data(secretKey, { id })).secretKey.name).to.equal(name.toUpperCase());
  });

  it('takes a name that another organization uses', async () => {
    const { bob, stranger } = await newTeam();
    await createKey(stranger, { name: 'Payments' });
    const id = await createKey(bob, { name: 'Payments' });
    expect((await bob.data(secretKey, { id })).secretKey.name).to.equal('Payments');
  });
});
