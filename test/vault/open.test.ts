import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { expect } from 'chai';
import { generateBoxPair } from '../../src/vault/keys.js';
import { CannotBeOpenedError, OpenedValue, openBox, openOrganizationKey, openValue } from '../../src/vault/open.js';
import { pad } from '../../src/vault/padding.js';
import {
  createOrganizationKey,
  organizationKeyHeader,
  type SealedOrganizationKey,
  sealBox,
  sealValue,
  type ValueBinding,
  valueHeader,
} from '../../src/vault/seal.js';
import {
  alice,
  binding,
  bob,
  canary,
  fromHex,
  organizationId,
  otherOrganizationId,
  otherSecretKeyId,
  secretKeyId,
  singleBitFlips,
  utf8,
} from './fixtures.js';

const textOf = (value: OpenedValue): string => value.use((bytes) => new TextDecoder().decode(bytes));

const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

function expectCannotBeOpened(open: () => unknown, what = ''): void {
  let thrown: unknown;
  try {
    open();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, what).to.be.instanceOf(CannotBeOpenedError);
  expect(Object.getOwnPropertyDescriptors(thrown), what).to.have.all.keys('name', 'message', 'stack');
  expect(thrown, what).to.include({ name: 'CannotBeOpenedError', message: 'cannot be opened' });
}

describe('vault open', function () {
  this.timeout(60_000);

  it('opens a value that was sealed long ago: the format does not change unnoticed', () => {
    const sealedOnce = fromHex(
      [
        '0224e0b05624dec813f672ce6124028300731a93163f9a4edecc07c1c8205c317eb470778fd831aa55405585093a64783223',
        '7119683ec24022da5d133b950ce14e7cfa087a4f0b80893788c365520830471b4537fe1423be1f2c9cad50401fd3f3ad2d6e',
        '4c879d1acc6463804345d08c7962cfa5d90826bb4ba3d6caa889dfa1364ed7af1015dab801114525e889ef29fe9bf8c35b11',
        'd866c87dccb1ac3f1f1d87b3bdd2659ae96d2788fd53e05b48ce647cbbf8e0722668cedc95bb061ccffacf4d5683a43912e0',
        '497aff907bdf3b2b5454e10192aa93a0f4c636c55fc7982f2adbbae0da60ba0ec39006895eb20ddb0958dede5859a3ef9585',
        '3b26d92e5ad5bea8',
      ].join(''),
    );
    expect(textOf(openValue(binding, sealedOnce, alice))).to.equal(canary);
  });

  it('refuses every single-bit flip of the ciphertext', () => {
    const ciphertext = sealValue(binding, utf8(canary), alice.publicKey);
    for (const flipped of singleBitFlips(ciphertext)) expectCannotBeOpened(() => openValue(binding, flipped, alice));
  });

  it('refuses every single-bit flip of the header, though the box around it is whole', () => {
    const padded = pad(utf8(canary));
    const header = valueHeader(binding);
    expect(textOf(openValue(binding, sealBox(concat(header, padded), alice.publicKey), alice))).to.equal(canary);
    for (const flipped of singleBitFlips(header)) {
      const sealed = sealBox(concat(flipped, padded), alice.publicKey);
      expectCannotBeOpened(() => openValue(binding, sealed, alice));
    }
  });

  it('refuses a ciphertext cut or extended anywhere, down to nothing', () => {
    const ciphertext = sealValue(binding, utf8(canary), alice.publicKey);
    for (let length = 0; length < ciphertext.length; length += 1) {
      expectCannotBeOpened(() => openValue(binding, ciphertext.subarray(0, length), alice), `${length} bytes`);
    }
    expectCannotBeOpened(() => openValue(binding, concat(ciphertext, Uint8Array.of(0)), alice));
  });

  it('refuses padding that is not zero or of another length, and a value outside of its limits', () => {
    const header = valueHeader(binding);
    const padded = pad(utf8(canary));
    const dirty = Uint8Array.from(padded);
    dirty[63] = 1;
    for (const block of [dirty, padded.subarray(0, 63), concat(padded, new Uint8Array(64)), new Uint8Array(64)]) {
      expectCannotBeOpened(() => openValue(binding, sealBox(concat(header, block), alice.publicKey), alice));
    }
  });

  it('opens a value where it belongs and nowhere else: key × version × organization × key number', () => {
    const bindings: ValueBinding[] = [organizationId, otherOrganizationId].flatMap((organization) =>
      [secretKeyId, otherSecretKeyId].flatMap((key) =>
        [1, 2].flatMap((valueVersion) =>
          [1, 2].map((organizationKeyNumber) => ({
            organizationId: organization,
            secretKeyId: key,
            valueVersion,
            organizationKeyNumber,
          })),
        ),
      ),
    );
    for (const sealedFor of bindings) {
      const ciphertext = sealValue(sealedFor, utf8(canary), alice.publicKey);
      for (const openedFor of bindings) {
        const open = () => openValue(openedFor, ciphertext, alice);
        if (openedFor === sealedFor) expect(textOf(open())).to.equal(canary);
        else expectCannotBeOpened(open, JSON.stringify({ sealedFor, openedFor }));
      }
    }
  });

  it('refuses a pair of another number, and a pair whose halves do not belong together', () => {
    const ciphertext = sealValue(binding, utf8(canary), alice.publicKey);
    expectCannotBeOpened(() => openValue(binding, ciphertext, bob));
    expectCannotBeOpened(() => openValue(binding, ciphertext, { ...alice, publicKey: bob.publicKey }));
    expectCannotBeOpened(() => openValue(binding, ciphertext, { ...alice, privateKey: bob.privateKey }));
    expectCannotBeOpened(() => openValue(binding, ciphertext, { ...alice, privateKey: new Uint8Array() }));
  });

  it('refuses a binding that could never have been sealed', () => {
    const ciphertext = sealValue(binding, utf8(canary), alice.publicKey);
    expectCannotBeOpened(() => openValue({ ...binding, valueVersion: 3.5 }, ciphertext, alice));
    expectCannotBeOpened(() => openValue({ ...binding, valueVersion: Number.NaN }, ciphertext, alice));
  });

  it('opens rows that a database driver gives as Buffers', () => {
    const ciphertext = Buffer.from(sealValue(binding, utf8(canary), alice.publicKey));
    expect(textOf(openValue(binding, ciphertext, alice))).to.equal(canary);
  });

  describe('of an organization key', () => {
    const rowFor = (organization = organizationId, number = 1): SealedOrganizationKey => ({
      organizationId: organization,
      number,
      ...createOrganizationKey(organization, number, alice.publicKey),
    });
    const open = (row: SealedOrganizationKey) => openOrganizationKey(row, alice.publicKey, alice.privateKey);

    it('refuses a row whose organization, number, public key or private half was exchanged', () => {
      const row = rowFor();
      const other = rowFor(otherOrganizationId, 2);
      expect(open(row).publicKey).to.deep.equal(row.publicKey);
      for (const swapped of [
        { ...row, organizationId: other.organizationId },
        { ...row, number: other.number },
        { ...row, publicKey: other.publicKey },
        { ...row, sealedPrivateKey: other.sealedPrivateKey },
      ]) {
        expectCannotBeOpened(() => open(swapped));
      }
    });

    it('refuses every single-bit flip of the sealed private half', () => {
      const row = rowFor();
      for (const sealedPrivateKey of singleBitFlips(row.sealedPrivateKey)) {
        expectCannotBeOpened(() => open({ ...row, sealedPrivateKey }));
      }
    });

    it('refuses a private half that is not the one of the public half, or not 32 bytes', () => {
      const header = organizationKeyHeader({ organizationId, number: 1, publicKey: bob.publicKey });
      for (const content of [generateBoxPair().privateKey, new Uint8Array(), bob.privateKey.subarray(0, 31)]) {
        const sealedPrivateKey = sealBox(concat(header, content), alice.publicKey);
        expectCannotBeOpened(() => open({ organizationId, number: 1, publicKey: bob.publicKey, sealedPrivateKey }));
      }
    });

    it('is not a value, nor is a value an organization key', () => {
      const row = rowFor();
      expectCannotBeOpened(() => openValue(binding, row.sealedPrivateKey, alice));
      const sealedPrivateKey = sealValue(binding, alice.privateKey, alice.publicKey);
      expectCannotBeOpened(() => open({ ...row, sealedPrivateKey }));
    });
  });

  it('gives the one error for a box that is too short to be one', () => {
    for (const length of [0, 31, 32, 47]) expectCannotBeOpened(() => openBox(new Uint8Array(length).fill(9), alice));
  });
});

describe('OpenedValue', () => {
  const forms = [canary, Buffer.from(canary).toString('hex'), Buffer.from(canary).toString('base64')];
  const listed = [...utf8(canary)].slice(0, 4);

  it('prints its name and nothing else, however it is printed', () => {
    const value = new OpenedValue(utf8(canary));
    const printed: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        printed.push(String(chunk));
        done();
      },
    });
    const output = new Console(stream, stream);
    output.log(value);
    output.error('%s %o %O %j', value, value, value, value);
    output.dir(value, { showHidden: true, customInspect: false, depth: null });
    output.table([value]);

    expect(`${value}`).to.equal('[OpenedValue]');
    expect(JSON.stringify({ value })).to.equal('{"value":"[OpenedValue]"}');
    expect(inspect(value)).to.equal('[OpenedValue]');
    expect(inspect({ value }, { showHidden: true, depth: null })).to.equal('{ value: [OpenedValue] }');
    expect(inspect(value, { showHidden: true, customInspect: false, depth: null })).to.equal('OpenedValue {}');
    expect(format('%s|%o|%O|%j', value, value, value, value)).to.equal(
      '[OpenedValue]|[OpenedValue]|[OpenedValue]|"[OpenedValue]"',
    );
    expect(Reflect.ownKeys(value)).to.deep.equal([]);
    expect({ ...value }).to.deep.equal({});
    expect(structuredClone(value)).to.deep.equal({});

    const everything = [...printed, serialize(value).toString('latin1'), String(value)].join('\n');
    for (const form of forms) expect(everything).not.to.include(form);
    for (const separator of [',', ', ', ' ']) expect(everything).not.to.include(listed.join(separator));
    expect(printed.slice(0, 3)).to.deep.equal([
      '[OpenedValue]\n',
      '[OpenedValue] [OpenedValue] [OpenedValue] "[OpenedValue]"\n',
      'OpenedValue {}\n',
    ]);
  });

  it('lends its bytes and gives back what was made of them', () => {
    const value = new OpenedValue(utf8(canary));
    expect(value.use((bytes) => bytes.length)).to.equal(canary.length);
    expect(textOf(value)).to.equal(canary);
  });

  it('is zero and of no use after it was destroyed, which may be done twice', () => {
    const bytes = utf8(canary);
    const value = new OpenedValue(bytes);
    value.destroy();
    value.destroy();
    expect(bytes).to.deep.equal(new Uint8Array(canary.length));
    expect(() => value.use(() => undefined)).to.throw(Error, /^The opened value was destroyed\.$/);
  });
});
