/** Every way that is known to us of leading a server's HTTP client to the machine that it runs on. A plain client is led there. */
import { get, type RequestOptions } from 'node:http';
import { connect as connectRaw, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createSecureContext } from 'node:tls';
import { expect } from 'chai';
import { isPublicAddress } from '../../../src/runner/egress/address-policy.js';
import { connect, resolveBySystem } from '../../../src/runner/egress/connect.js';
import { EgressError } from '../../../src/runner/egress/egress-error.js';
import {
  answerWith,
  bodyText,
  canary,
  closeAll,
  doorTo,
  header,
  hostName,
  keyId,
  keysOf,
  openDoor,
  options,
  refusal,
  refusalOf,
  requestTo,
  serve,
  serveRaw,
  until,
} from './fixtures.js';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const everyInterface = hasIpv6 ? '::' : '0.0.0.0';

/** In the range of global unicast, and never assigned: public for the policy, and nobody is there. */
const nobody = '2000::1';

/** What the sink is asked for, behind each host. `leads`: a plain client gets there on every machine that the tests run on. */
const hosts: readonly { readonly host: string; readonly leads?: boolean }[] = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '0.0.0.0', '0'].map((host) => ({ host, leads: true })),
  ...[
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0X7F.1',
    '0177.0.0.01',
    '0x7f.0.0.0x1',
    '127.0x1',
    '0x7f.0.01',
    '127.0.0.1.',
  ].map((host) => ({ host, leads: true })),
  ...[
    '１２７.０.０.１',
    '127。0。0。1',
    '127．0．0．1',
    '①②⑦.⓪.⓪.①',
    '０ｘ７ｆ.1',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
    '1\u00ad27.0.0.1',
  ].map((host) => ({ host, leads: true })),
  ...['localhost', 'LocalHost', 'ｌｏｃａｌｈｏｓｔ', 'loc\talhost', 'ⓛocalhost'].map((host) => ({
    host,
    leads: true,
  })),
  ...[
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'ip6-localhost',
    'ip6-loopback',
    'localhost%00',
    'localhost%2f',
  ].map((host) => ({ host })),
  ...['x@127.0.0.1', 'example.com:80@127.0.0.1', 'example.com%2f@localhost', ':@127.0.0.1'].map((host) => ({
    host,
    leads: true,
  })),
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[0000::0.0.0.1]'].map((host) => ({ host, leads: hasIpv6 })),
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:FFFF:127.0.0.1]', '[::ffff:0.0.0.0]'].map((host) => ({
    host,
    leads: hasIpv6,
  })),
  ...[
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
  ].map((host) => ({ host })),
  ...[
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[::1%25lo]',
    '169.254.169.254',
    '168.63.129.16',
    '100.100.100.200',
  ].map((host) => ({ host })),
];

/** A server on all of this machine's addresses that counts who gets to it. */
async function openSink() {
  const sink = await serveRaw(answerWith('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsunk'), everyInterface);
  return { ...sink, reached: () => sink.connections.count };
}

/** Whether a plain client gets an answer of the sink. */
const plainClientReaches = (url: string, more: RequestOptions = {}): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false, ...more }, (response) => {
      response.setEncoding('utf8').on('data', (text) => resolve(text === 'sunk'));
    });
    request.on('error', () => resolve(false));
  });

describe('an attack on the egress door', () => {
  afterEach(closeAll);

  it('by the way in which this machine is written in the URL reaches nothing, and a plain client is led there', async () => {
    const sink = await openSink();
    const door = openDoor({
      allowedPrivateHosts: [`wanted.test:${sink.port}`, '127.0.0.1:1', '[::1]:1', 'localhost:1', 'localhost'],
    });
    for (const { host } of hosts) {
      const request = requestTo(`http://${host}:${sink.port}/`, { timeoutMs: 5000 });
      const { code } = await refusalOf(door.send(request, new Map(), options()));
      expect(code, host).to.be.oneOf(['ADDRESS_REFUSED', 'URL_INVALID', 'HOST_NOT_FOUND']);
    }
    expect(sink.reached()).to.equal(0);

    const leading = hosts.filter(({ leads }) => leads).map(({ host }) => host);
    const led: string[] = [];
    for (const host of leading) if (await plainClientReaches(`http://${host}:${sink.port}/`)) led.push(host);
    expect(led).to.deep.equal(leading);
  });

  it('by a redirect to this machine, in whatever way it is written, reaches nothing, and `fetch` is led there', async () => {
    const sink = await openSink();
    let location = '';
    const trusted = await serve((_, response) => {
      response.writeHead(302, { location }).end();
    });
    const resolve = async (name: string) => (name === hostName ? ['127.0.0.1'] : await resolveBySystem(name));
    const door = doorTo(trusted.port, { resolve });
    const locationOf = (host: string) => `http://${host.replace(/[^\x20-\x7e]/g, encodeURIComponent)}:${sink.port}/`;
    for (const { host } of hosts) {
      location = locationOf(host);
      const { code } = await refusalOf(door.send(requestTo(trusted.origin, { timeoutMs: 5000 }), new Map(), options()));
      expect(code, host).to.be.oneOf(['ADDRESS_REFUSED', 'REDIRECT_INVALID', 'HOST_NOT_FOUND']);
    }
    expect(sink.reached()).to.equal(0);

    const leading = hosts.filter(({ host, leads }) => leads && !/[@\t]/.test(host));
    const led: string[] = [];
    for (const { host } of leading) {
      location = locationOf(host);
      const answer = await fetch(`http://127.0.0.1:${trusted.port}/`);
      if ((await answer.text()) === 'sunk') led.push(host);
    }
    expect(led).to.deep.equal(leading.map(({ host }) => host));
  });

  it('by a name that is public when it is checked and private when it is used reaches nothing', async () => {
    const sink = await openSink();
    const rebinding = () => {
      let calls = 0;
      return {
        calls: () => calls,
        resolve: async () => {
          calls += 1;
          return [calls === 1 ? nobody : '127.0.0.1'];
        },
      };
    };
    const name = rebinding();
    const door = openDoor({ resolve: name.resolve });
    const request = requestTo(`http://rebinding.test:${sink.port}/`, { timeoutMs: 300 });
    expect((await refusalOf(door.send(request, new Map(), options()))).code).to.be.oneOf([
      'CONNECTION_FAILED',
      'TIMEOUT',
    ]);
    expect(name.calls()).to.equal(1);
    expect(await refusalOf(door.send(request, new Map(), options()))).to.deep.equal(refusal('ADDRESS_REFUSED', 'url'));
    expect(sink.reached()).to.equal(0);

    const { resolve } = rebinding();
    expect((await resolve()).every(isPublicAddress)).to.equal(true);
    expect(await plainClientReaches(`http://rebinding.test:${sink.port}/`, { lookup: lookupBy(resolve) })).to.equal(
      true,
    );
  });

  it('by a name with a public and a private address reaches nothing, in whichever order they come', async () => {
    const sink = await openSink();
    const answers = [
      ...[
        [nobody, '127.0.0.1'],
        ['127.0.0.1', nobody],
        ['8.8.8.8', nobody, '::1'],
        ['::ffff:127.0.0.1'],
        ['::ffff:7f00:1'],
      ],
      ...[
        ['0.0.0.0'],
        ['::'],
        ['10.0.0.1'],
        ['169.254.169.254'],
        ['fe80::1%lo'],
        ['::1%lo'],
        ['localhost'],
        [''],
        ['127.1'],
        ['2130706433'],
      ],
    ];
    for (const addresses of answers) {
      const door = openDoor({ resolve: async () => addresses });
      const sending = door.send(requestTo(`http://mixed.test:${sink.port}/`), new Map(), options());
      expect(await refusalOf(sending), addresses.join()).to.deep.equal(refusal('ADDRESS_REFUSED', 'url'));
    }
    expect(sink.reached()).to.equal(0);
    const lookup = lookupBy(async () => [nobody, '127.0.0.1']);
    expect(await plainClientReaches(`http://mixed.test:${sink.port}/`, { lookup })).to.equal(true);
  });

  it('by a name that turns private after a redirect to itself reaches nothing', async () => {
    const sink = await openSink();
    let calls = 0;
    const trusted = await serve((_, response) => {
      response.writeHead(307, { location: `http://rebinding.test:${sink.port}/` }).end();
    });
    const door = doorTo(trusted.port, {
      resolve: async () => {
        calls += 1;
        return ['127.0.0.1'];
      },
    });
    expect(await refusalOf(door.send(requestTo(trusted.origin), new Map(), options()))).to.deep.equal(
      refusal('ADDRESS_REFUSED', 'url'),
    );
    expect({ calls, reached: sink.reached() }).to.deep.equal({ calls: 2, reached: 0 });
  });

  it('by a connection that ends up elsewhere than where it was sent is seen before a byte of HTTP is written', async () => {
    const sink = await openSink();
    const url = new URL(`http://misled.test:${sink.port}/`);
    const connecting = connect(
      { url, addresses: ['127.0.0.1'], isAllowed: isPublicAddress },
      createSecureContext(),
      new AbortController().signal,
    );
    const thrown = await connecting.catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(EgressError).and.to.include({ code: 'ADDRESS_REFUSED', field: 'url' });
    await until(() => sink.connections.closed === 1);
    expect({ reached: sink.reached(), received: sink.received() }).to.deep.equal({ reached: 1, received: '' });
  });

  it('through a private host that an operator wants gets no further than to its name and port', async () => {
    const sink = await openSink();
    const other = await openSink();
    const door = openDoor({ resolve: async () => ['127.0.0.1'], allowedPrivateHosts: [`wanted.test:${sink.port}`] });
    for (const host of [
      `127.0.0.1:${sink.port}`,
      `other.test:${sink.port}`,
      `a.wanted.test:${sink.port}`,
      `wanted.test:${other.port}`,
      'wanted.test',
    ]) {
      const sending = door.send(requestTo(`http://${host}/`), new Map(), options());
      expect(await refusalOf(sending), host).to.deep.equal(refusal('ADDRESS_REFUSED', 'url'));
    }
    expect([sink.reached(), other.reached()]).to.deep.equal([0, 0]);
    const byAddress = openDoor({ resolve: async () => ['127.0.0.1'], allowedPrivateHosts: [`127.0.0.1:${sink.port}`] });
    expect(
      await refusalOf(byAddress.send(requestTo(`http://wanted.test:${sink.port}/`), new Map(), options())),
    ).to.deep.equal(refusal('ADDRESS_REFUSED', 'url'));
    expect(bodyText(await door.send(requestTo(`http://WANTED.test:${sink.port}/`), new Map(), options()))).to.equal(
      'sunk',
    );
    expect(bodyText(await byAddress.send(requestTo(`http://0x7f.1:${sink.port}/`), new Map(), options()))).to.equal(
      'sunk',
    );
    expect([sink.reached(), other.reached()]).to.deep.equal([2, 0]);
  });

  it('by a value or a text that brings lines of its own puts no header into the request, and a pasted request has it', async () => {
    const sink = await openSink();
    const lines = `${canary}\r\nX-Injected: yes\r\n\r\nGET /second HTTP/1.1`;
    const keys = keysOf({ allowedHosts: [sink.origin], value: lines });
    const door = doorTo(sink.port);
    const inHeader = requestTo(sink.origin, { headers: [header('X-Key', '{}')] });
    expect(await refusalOf(door.send(inHeader, keys, options()))).to.deep.equal(
      refusal('KEY_VALUE_UNFIT', 'headers[0].value', keyId),
    );
    const asText = requestTo(sink.origin, { headers: [header('X-Key', lines)] });
    expect(await refusalOf(door.send(asText, keys, options()))).to.deep.equal(
      refusal('HEADER_INVALID', 'headers[0].value'),
    );
    expect(sink.reached()).to.equal(0);
    for (const url of [
      `${sink.origin}/{}`,
      `${sink.origin}/?a={}`,
      `${sink.origin}/${lines}`,
      `${sink.origin}/?a=${lines}`,
    ]) {
      await door.send(requestTo(url), keys, options());
    }
    expect(sink.received()).not.to.match(/^(X-Injected|GET \/second)/m);
    expect(sink.received().match(/^GET /gm)?.length).to.equal(4);

    const pasted = connectRaw(sink.port, '127.0.0.1');
    pasted.end(`GET / HTTP/1.1\r\nHost: x\r\nX-Key: ${lines}\r\n\r\n`).resume();
    await until(() => /^X-Injected/m.test(sink.received()));
    pasted.destroy();
  });

  it('by a response with a second one behind it answers no other request', async () => {
    let connections = 0;
    const server = await serveRaw((socket) => {
      connections += 1;
      const own = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nown-${connections}`;
      const forged = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged';
      socket.once('data', () => socket.write(own + forged));
    });
    const door = doorTo(server.port);
    const answers = [];
    for (let count = 0; count < 3; count += 1) {
      answers.push(bodyText(await door.send(requestTo(server.origin), new Map(), options())));
    }
    expect(answers).to.deep.equal(['own-1', 'own-2', 'own-3']);
  });

  it('by a response that was sent before the request, or with odd header names, harms nobody', async () => {
    const early = await serveRaw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly'));
    await doorTo(early.port)
      .send(requestTo(early.origin), new Map(), options())
      .catch((error: unknown) => expect(error).to.be.instanceOf(EgressError));
    const odd = await serveRaw(
      answerWith(
        'HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\n__proto__: c\r\ntoString: d\r\nContent-Length: 0\r\n\r\n',
      ),
    );
    const { headers } = await doorTo(odd.port).send(requestTo(odd.origin), new Map(), options());
    expect(headers).to.deep.equal([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['__proto__', 'c'],
      ['toString', 'd'],
      ['Content-Length', '0'],
    ]);
    expect(({} as Record<string, unknown>).a).to.equal(undefined);
  });
});

const lookupBy =
  (resolve: () => Promise<readonly string[]>): LookupFunction =>
  (_name, asked, callback) => {
    resolve().then((addresses) => {
      const [first = ''] = addresses;
      if (asked.all)
        callback(
          null,
          addresses.map((address) => ({ address, family: isIP(address) })),
        );
      else callback(null, first, isIP(first));
    });
  };
