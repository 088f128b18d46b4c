import type { Socket } from 'node:net';
import { expect } from 'chai';
import { defaultEgressLimits } from '../../../src/runner/egress/egress-limits.js';
import type { EgressResponse } from '../../../src/runner/egress/egress-request.js';
import {
  closeAll,
  doorTo,
  hostName,
  openDoor,
  options,
  refusal,
  refusalOf,
  requestTo,
  serve,
  serveRaw,
  until,
} from './fixtures.js';

describe('the moment before sending', () => {
  afterEach(closeAll);

  it('comes once, with the connection made and no byte of it used, even when redirects follow', async () => {
    const { port, seen, connections, origin } = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end('ok');
    });
    const moments: unknown[] = [];
    const onSending = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      moments.push({ connections: connections.count, requests: seen.length });
    };
    await doorTo(port).send(requestTo(`${origin}/a`), new Map(), options({ onSending }));
    expect(moments).to.deep.equal([{ connections: 1, requests: 0 }]);
    expect(seen.map(({ url }) => url)).to.deep.equal(['/a', '/b']);
  });

  it('stops the request when it fails, with the error that it failed with', async () => {
    const { port, origin, received, connections } = await serveRaw(() => undefined);
    const failure = new Error('the use could not be recorded');
    const onSending = () => Promise.reject(failure);
    let thrown: unknown;
    await doorTo(port)
      .send(requestTo(origin), new Map(), options({ onSending }))
      .catch((error: unknown) => {
        thrown = error;
      });
    expect(thrown).to.equal(failure);
    await until(() => connections.closed === 1);
    expect({ received: received(), connections: connections.count }).to.deep.equal({ received: '', connections: 1 });
  });

  it('may be one in which the server goes away: the request fails, and is not tried again', async () => {
    for (const leave of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      const sockets: Socket[] = [];
      const { port, origin, connections } = await serveRaw((socket) => sockets.push(socket));
      const onSending = async () => {
        await until(() => sockets.length === 1);
        for (const socket of sockets) leave(socket);
        await new Promise((resolve) => setTimeout(resolve, 50));
      };
      const sending = doorTo(port).send(requestTo(origin), new Map(), options({ onSending }));
      expect(await refusalOf(sending)).to.deep.equal(refusal('CONNECTION_LOST'));
      expect(connections.count).to.equal(1);
    }
  });

  it('does not come for a request that is refused, or that finds nobody', async () => {
    let moments = 0;
    const onSending = async () => {
      moments += 1;
    };
    const { port } = await serveRaw(() => undefined);
    await closeAll();
    const door = doorTo(port);
    expect(
      await refusalOf(door.send(requestTo(`http://127.0.0.1:${port}`), new Map(), options({ onSending }))),
    ).to.deep.equal(refusal('ADDRESS_REFUSED', 'url'));
    expect(
      await refusalOf(door.send(requestTo(`http://${hostName}:${port}`), new Map(), options({ onSending }))),
    ).to.deep.equal(refusal('CONNECTION_FAILED', 'url'));
    expect(moments).to.equal(0);
  });
});

describe('the egress door', () => {
  afterEach(closeAll);

  it('names a host without an address, and one that cannot be looked up, alike', async () => {
    for (const resolve of [async () => [], () => Promise.reject(new Error('ENOTFOUND'))]) {
      const sending = openDoor({ resolve }).send(requestTo('https://nowhere.example'), new Map(), options());
      expect(await refusalOf(sending)).to.deep.equal(refusal('HOST_NOT_FOUND', 'url'));
    }
  });

  it('cancels when the caller does: before, while looking up, while preparing, while waiting for the response', async () => {
    const server = await serveRaw(() => undefined);
    const never = new Promise<never>(() => undefined);
    const stages: ((controller: AbortController) => Promise<EgressResponse>)[] = [
      (controller) => {
        controller.abort();
        return doorTo(server.port).send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
      (controller) => {
        const resolve = () => {
          setImmediate(() => controller.abort());
          return never;
        };
        const door = doorTo(server.port, { resolve });
        return door.send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
      (controller) => {
        const resolve = () => {
          controller.abort();
          return never;
        };
        const door = doorTo(server.port, { resolve });
        return door.send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
      (controller) => {
        const onSending = () => {
          setImmediate(() => controller.abort());
          return never;
        };
        return doorTo(server.port).send(
          requestTo(server.origin),
          new Map(),
          options({ signal: controller.signal, onSending }),
        );
      },
      (controller) => {
        until(() => server.received() !== '').then(() => controller.abort());
        return doorTo(server.port).send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
    ];
    for (const stage of stages)
      expect(await refusalOf(stage(new AbortController()))).to.deep.equal(refusal('CANCELLED'));
    await until(() => server.connections.closed === 2);
    expect(server.connections.count).to.equal(2);
  });

  it('cancels what is under way when it is closed, and refuses what comes later', async () => {
    const server = await serveRaw(() => undefined);
    const door = doorTo(server.port);
    const sending = refusalOf(door.send(requestTo(server.origin), new Map(), options()));
    await until(() => server.received() !== '');
    await door.close();
    expect(await sending).to.deep.equal(refusal('CANCELLED'));
    expect(await refusalOf(door.send(requestTo(server.origin), new Map(), options()))).to.deep.equal(
      refusal('CANCELLED'),
    );
    await until(() => server.connections.closed === 1);
  });

  it('does not start with a private host that is none', () => {
    for (const host of ['', '*.example.com', 'http://example.com', 'example.com/path', 'a b']) {
      expect(() => openDoor({ allowedPrivateHosts: [host] }), host).to.throw('An allowed private host must be');
    }
  });

  it('has the bounds of the design', () => {
    expect(defaultEgressLimits).to.deep.equal({
      timeoutMs: 10_000,
      longestTimeoutMs: 60_000,
      redirects: 3,
      urlBytes: 16 * 1024,
      requestHeaderBytes: 64 * 1024,
      requestBytes: 8 * 1024 * 1024,
      responseHeaderBytes: 16_384,
      responseBodyBytes: 5_242_880,
    });
  });
});
