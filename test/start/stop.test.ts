import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { Installation } from './installation.js';

/** A request whose head the api has taken, and whose body it waits for. */
async function slowRequest(port: number, token: string, body: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  const [interim] = await once(socket, 'data');
  expect(interim).to.equal('HTTP/1.1 100 Continue\r\n\r\n');
  return socket;
}

async function restOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('stopping', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
  });
  afterEach(() => installation.remove());

  const ways = [
    { title: 'SIGTERM', send: (pid: number) => process.kill(pid, 'SIGTERM') },
    { title: 'SIGINT', send: (pid: number) => process.kill(pid, 'SIGINT') },
    { title: 'Ctrl-C, which a terminal sends to every process', send: (pid: number) => process.kill(-pid, 'SIGINT') },
    {
      title: 'Ctrl-C pressed twice',
      send: (pid: number) => process.kill(-pid, 'SIGINT') && process.kill(-pid, 'SIGINT'),
    },
  ];
  for (const { title, send } of ways) {
    it(`by ${title} finishes the request in flight and ends everything with exit code 0`, async () => {
      const { running, api, runner } = await installation.start();
      const { stdout: token } = await installation.run(['token', '--as', 'bob']);
      const body = JSON.stringify({ query: '{ viewer { name } }' });
      const socket = await slowRequest(api.port, token.trim(), body);
      socket.write(body.slice(0, 5));
      send(running.pid);
      await running.until(() => running.log.some(({ pid, msg }) => pid === api.pid && msg === 'stopping'));
      const refused = await fetch(`http://127.0.0.1:${api.port}/healthz`).catch(() => 'refused');
      socket.write(body.slice(5));
      const answer = await restOf(socket);
      expect(refused).to.equal('refused');
      expect(answer)
        .to.match(/^HTTP\/1\.1 200 OK\r\n/)
        .and.match(/\r\nconnection: close\r\n/i);
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).to.deep.equal({ data: { viewer: { name: 'Bob' } } });
      expect(await running.ended).to.include({ code: 0, signal: null, stderr: '' });
      const stopping = running.log.filter(({ msg }) => msg === 'stopping').map(({ pid }) => pid);
      expect(stopping.sort()).to.deep.equal([api.pid, runner.pid].sort());
    });
  }

  it('during the start ends it with exit code 0, without a greeting', async () => {
    const running = installation.begin(['start'], { LOG_LEVEL: 'trace' });
    await running.serving('api');
    process.kill(running.pid, 'SIGTERM');
    expect(await running.ended).to.include({ code: 0, signal: null, stderr: '' });
    expect(running.stdout).not.to.include('Nightsafe is open');
  });

  for (const role of ['api', 'runner'] as const) {
    it(`of the ${role} alone, by SIGTERM, ends it with exit code 0`, async () => {
      await (await installation.start()).running.stop();
      const running = installation.begin([role]);
      await running.serving(role);
      expect(await running.stop()).to.include({ code: 0, signal: null, stderr: '' });
    });
  }
});
