import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { expect } from 'chai';
import { resolveByNameServers } from '../../../src/runner/egress/connect.js';
import { bodyText, closeAll, openDoor, options, requestTo, serve } from './fixtures.js';

/** Answers each question of RFC 1035 with one address, and those about `silent.…` not at all. */
async function startNameServer() {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, { port, address }) => {
    asked += 1;
    if (query.includes('silent')) return;
    const end = query.indexOf(0, 12) + 5;
    const isIpv4 = query.readUInt16BE(end - 4) === 1;
    const data = isIpv4 ? Buffer.from([192, 0, 2, 1]) : Buffer.from('20010db8000000000000000000000001', 'hex');
    const answer = Buffer.alloc(12);
    answer.writeUInt16BE(0xc00c, 0);
    answer.writeUInt16BE(isIpv4 ? 1 : 28, 2);
    answer.writeUInt16BE(1, 4);
    answer.writeUInt16BE(data.length, 10);
    const head = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    socket.send(Buffer.concat([head, query.subarray(12, end), answer, data]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { server: `127.0.0.1:${socket.address().port}`, asked: () => asked, close: () => socket.close() };
}

describe('the look-up of a host', () => {
  afterEach(closeAll);

  it('asks name servers for addresses of both families, and holds up nothing of the system when they never answer', async () => {
    const names = await startNameServer();
    const silent = Array.from({ length: 20 }, (_, at) =>
      resolveByNameServers(`silent${at}.example.test`, [names.server]),
    );
    expect(await resolveByNameServers('api.example.test', [names.server])).to.deep.equal(['192.0.2.1', '2001:db8::1']);
    expect((await lookup('localhost')).address).to.match(/^(?:127\.0\.0\.1|::1)$/);
    expect(await Promise.race([...silent, 'still waiting'])).to.equal('still waiting');
    names.close();
    expect(await Promise.all(silent)).to.deep.equal(silent.map(() => []));
  });

  it('takes the hosts file for a private host that the operator lists', async () => {
    const { port } = await serve();
    const door = openDoor({ allowedPrivateHosts: [`localhost:${port}`] });
    const response = await door.send(requestTo(`http://localhost:${port}/`), new Map(), options());
    expect(bodyText(response)).to.equal('ok');
  });
});
