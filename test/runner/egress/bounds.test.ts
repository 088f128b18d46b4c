import type { Socket } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  answerWith,
  bodyText,
  canary,
  closeAll,
  doorTo,
  options,
  refusal,
  refusalOf,
  requestTo,
  serveRaw,
  until,
} from './fixtures.js';

const mebibyte = 1024 * 1024;
const encoded = (encoding: string, body: Buffer, more = '') =>
  answerWith(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\n${more}Content-Length: ${body.length}\r\n\r\n`, body);

async function send(onConnection: (socket: Socket) => void, settings = {}, timeoutMs = 5000) {
  const server = await serveRaw(onConnection);
  const answer = doorTo(server.port, settings).send(requestTo(server.origin, { timeoutMs }), new Map(), options());
  return { server, answer };
}

async function refused(onConnection: (socket: Socket) => void, settings = {}, timeoutMs?: number) {
  const { server, answer } = await send(onConnection, settings, timeoutMs);
  const told = await refusalOf(answer);
  await until(() => server.connections.closed === server.connections.count);
  return told;
}

/** Writes for as long as somebody reads. */
const endless = (head: string, chunk: string | Buffer) => (socket: Socket) => {
  socket.once('data', () => {
    socket.write(head);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  });
};

describe('the bounds of a response:', () => {
  const uncaught: unknown[] = [];
  const keep = (error: unknown) => uncaught.push(error);
  before(() => process.on('uncaughtExceptionMonitor', keep).on('unhandledRejection', keep));
  after(() => {
    process.off('uncaughtExceptionMonitor', keep).off('unhandledRejection', keep);
    expect(uncaught).to.deep.equal([]);
  });
  afterEach(closeAll);

  const body = Buffer.from(`${canary} `.repeat(1000));
  for (const [encoding, bytes] of [
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['GZIP', Buffer.concat([gzipSync(body.subarray(0, 100)), gzipSync(body.subarray(100))])],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', body],
    ['', body],
  ] as const) {
    it(`a body in «${encoding}» is decoded`, async () => {
      const { answer } = await send(encoded(encoding, bytes));
      expect(bodyText(await answer)).to.equal(body.toString());
    });
  }

  it('a second content encoding, and one that is not known, are refused', async () => {
    const twice = gzipSync(gzipSync(body));
    expect([
      await refused(encoded('gzip, gzip', twice)),
      await refused(encoded('gzip', twice, 'content-encoding: gzip\r\n')),
      await refused(encoded('zstd', body)),
      await refused(encoded('compress', body)),
    ]).to.deep.equal(Array(4).fill(refusal('RESPONSE_ENCODING_REFUSED')));
  });

  it('a body that is not what its headers say is refused', async () => {
    const cut = gzipSync(body).subarray(0, 40);
    const all = [
      await refused(encoded('gzip', Buffer.from('plain'))),
      await refused(encoded('gzip', cut)),
      await refused(encoded('deflate', Buffer.from('xyz'))),
      await refused(encoded('br', Buffer.from('plain text, and more of it'))),
      await refused(encoded('br', brotliCompressSync(body).subarray(0, 20))),
      await refused(answerWith('no HTTP at all\r\n\r\n')),
      await refused(answerWith('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n')),
      await refused(answerWith('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd')),
    ];
    expect(all).to.deep.equal(Array(8).fill(refusal('RESPONSE_INVALID')));
  });

  it('a connection that ends too soon is told as one', async () => {
    const all = [
      await refused((socket) => socket.once('data', () => socket.destroy())),
      await refused((socket) => socket.once('data', () => socket.end())),
      await refused(answerWith('HTTP/1.1 200 OK\r\nContent-')),
      await refused(answerWith('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab')),
      await refused((socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab', () => socket.resetAndDestroy()),
        ),
      ),
      await refused(
        answerWith('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
      ),
      await refused(answerWith('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')),
    ];
    expect(all).to.deep.equal(Array(7).fill(refusal('CONNECTION_LOST')));
  });

  it('a body of exactly the limit comes whole, one byte more does not, whether its length is said or not', async () => {
    const settings = { limits: { responseBodyBytes: 1000 } };
    for (const head of ['Content-Length: 1000', 'Connection: close']) {
      const { answer } = await send(answerWith(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`, Buffer.alloc(1000)), settings);
      expect((await answer).body.length).to.equal(1000);
    }
    const gzipped = await send(encoded('gzip', gzipSync(Buffer.alloc(1000))), settings);
    expect((await gzipped.answer).body.length).to.equal(1000);
    expect([
      await refused(answerWith('HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n', Buffer.alloc(1001)), settings),
      await refused(answerWith('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(1001)), settings),
      await refused(encoded('gzip', gzipSync(Buffer.alloc(1001))), settings),
    ]).to.deep.equal(Array(3).fill(refusal('RESPONSE_TOO_LARGE')));
  });

  it('a body larger than five mebibytes is refused unless another limit is set', async () => {
    const { answer } = await send(answerWith('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(5 * mebibyte)));
    expect((await answer).body.length).to.equal(5 * mebibyte);
    expect(await refused(answerWith('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(5 * mebibyte + 1)))).to.deep.equal(
      refusal('RESPONSE_TOO_LARGE'),
    );
  });

  it('headers larger than another limit that is set are refused', async () => {
    const answer = answerWith(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200)}\r\n\r\n`);
    const settings = { limits: { responseHeaderBytes: 100 } };
    expect(await refused(answer, settings)).to.deep.equal(refusal('RESPONSE_HEADERS_TOO_LARGE'));
  });

  it('headers larger than sixteen kibibytes are refused, in one line or in many', async () => {
    const { answer } = await send(
      answerWith(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(16_300)}\r\nContent-Length: 0\r\n\r\n`),
    );
    expect((await answer).status).to.equal(200);
    expect([
      await refused(answerWith(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(16_384)}\r\n\r\n`)),
      await refused(endless('HTTP/1.1 200 OK\r\n', 'X-Line: some more of the same\r\n')),
      await refused(endless('HTTP/1.1 200 OK\r\nX-Line: ', 'x'.repeat(1000))),
      await refused(endless('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', 'X-Trailer: more\r\n')),
    ]).to.deep.equal(Array(4).fill(refusal('RESPONSE_HEADERS_TOO_LARGE')));
  });

  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
  ] as const) {
    it(`a bomb of ${encoding} stops while it is decoded: its end, which is missing, is never reached`, async () => {
      const bomb = compress(Buffer.alloc(64 * mebibyte));
      expect(bomb.length).to.be.lessThan(mebibyte);
      expect(await refused(encoded(encoding, bomb.subarray(0, -4)))).to.deep.equal(refusal('RESPONSE_TOO_LARGE'));
      const small = compress(Buffer.alloc(mebibyte));
      expect(await refused(encoded(encoding, small.subarray(0, -4)))).to.deep.equal(refusal('RESPONSE_INVALID'));
    });
  }

  it('a body without end is refused, also one that decodes to nothing', async () => {
    const head = 'HTTP/1.1 200 OK\r\n';
    expect([
      await refused(endless(`${head}\r\n`, Buffer.alloc(65_536))),
      await refused(endless(`${head}Transfer-Encoding: chunked\r\n\r\n`, `1000\r\n${'x'.repeat(4096)}\r\n`)),
      await refused(endless(`${head}Content-Encoding: gzip\r\n\r\n`, gzipSync(Buffer.alloc(0)))),
    ]).to.deep.equal(Array(3).fill(refusal('RESPONSE_TOO_LARGE')));
  });

  it('whatever drips, or never comes, ends at the time limit', async () => {
    const drip = (head: string, drop: string) => (socket: Socket) => {
      socket.once('data', () => {
        socket.write(head);
        const timer = setInterval(() => socket.write(drop), 10);
        socket.once('close', () => clearInterval(timer));
      });
    };
    const all = [
      await refused(() => undefined, {}, 150),
      await refused(drip('HTTP/1.1 200 OK\r\n', 'X: y\r\n'), {}, 150),
      await refused(drip('HTTP/1.1 200 OK\r\n\r\n', 'x'), {}, 150),
      await refused(drip('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n', '\x1f'), {}, 150),
      await refused(drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), {}, 150),
      await refused(() => undefined, { limits: { timeoutMs: 10, longestTimeoutMs: 20 } }, 60_000),
    ];
    expect(all).to.deep.equal([
      ...Array(3).fill(refusal('TIMEOUT')),
      refusal('RESPONSE_INVALID'),
      ...Array(2).fill(refusal('TIMEOUT')),
    ]);
  });

  it('a look-up that never ends, and a record of the use that is never made, end at the time limit', async () => {
    const { port, origin } = await serveRaw(() => undefined);
    const never = new Promise<never>(() => undefined);
    const request = requestTo(origin, { timeoutMs: 50 });
    expect([
      await refusalOf(doorTo(port, { resolve: () => never }).send(request, new Map(), options())),
      await refusalOf(doorTo(port).send(request, new Map(), options({ onSending: () => never }))),
    ]).to.deep.equal(Array(2).fill(refusal('TIMEOUT')));
  });
});
