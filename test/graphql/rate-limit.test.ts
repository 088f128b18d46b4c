import { expect } from 'chai';
import { startServer, type TestServer } from './fixture.js';

const update = 'mutation { updateSecretValue(id: 1, value: "v") { id } }';
const twice =
  'mutation { a: updateSecretValue(id: 1, value: "v") { id } b: updateSecretValue(id: 1, value: "v") { id } }';
const as = (name: string) => ({ authorization: `Bearer token-${name}` });

describe('the rate limit', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ rateLimit: { points: 3, perSeconds: 3600 } });
  });
  afterEach(() => server.close());

  it('refuses a mutation too many with the time to wait, in the body and in a header', async () => {
    expect((await server.send(update)).status).to.equal(200);
    expect((await server.send(twice)).status).to.equal(200);
    const { status, headers, body } = await server.send(update);
    const retryAfterSeconds = Number(headers.get('retry-after'));
    expect(retryAfterSeconds).to.be.within(1, 3600);
    expect({ status, body }).to.deep.equal({
      status: 429,
      body: {
        errors: [
          {
            message: `Too many changes in a short time; try again in ${retryAfterSeconds} s.`,
            extensions: { code: 'RATE_LIMITED', retryAfterSeconds },
          },
        ],
      },
    });
  });

  it('keeps its status for a client that asked for application/json', async () => {
    for (let n = 0; n < 3; n += 1) await server.send(update);
    expect((await server.send(update, undefined, { accept: 'application/json' })).status).to.equal(429);
  });

  it('counts each principal for itself', async () => {
    for (let n = 0; n < 4; n += 1) await server.send(update, undefined, as('ada'));
    expect((await server.send(update, undefined, as('ada'))).status).to.equal(429);
    expect((await server.send(update, undefined, as('grace'))).status).to.equal(200);
  });

  it('counts the mutations of one operation, in fragments too', async () => {
    const query = `mutation { ...M c: updateSecretValue(id: 1, value: "v") { id } d: updateSecretValue(id: 1, value: "v") { id } }
      fragment M on Mutation { a: updateSecretValue(id: 1, value: "v") { id } b: updateSecretValue(id: 1, value: "v") { id } }`;
    expect((await server.send(query)).status).to.equal(429);
  });

  it('leaves queries alone', async () => {
    for (let n = 0; n < 6; n += 1) expect((await server.send('{ viewer { id } }')).status).to.equal(200);
  });

  it('is off when it is 0', async () => {
    const unlimited = await startServer({ rateLimit: { points: 0, perSeconds: 3600 } });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await unlimited.send(twice)).status);
    await unlimited.close();
    expect(statuses).to.deep.equal([200, 200, 200, 200, 200, 200]);
  });
});
