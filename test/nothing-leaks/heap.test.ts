import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { GranteeId } from '../../src/ids.js';
import { Client } from '../support/api.js';
import { createSecretKey, updateSecretValue } from '../support/operations.js';
import type { Serving } from './api-process.js';
import { canaryOf } from './traces.js';

/**
 * Of the api's memory a heap snapshot shows every object and every string that the program can still reach. It does not show bytes
 * outside of the heap, such as the buffers that requests were read into, which are used again without being cleared.
 */
describe('the heap of the api process', () => {
  const secret = canaryOf('canaryInTheHeapR4', 'notARealValueGt61');
  const control = canaryOf('canaryRememberedB8', 'heldOnPurposeYc27');
  const folder = mkdtempSync(join(tmpdir(), 'nightsafe-heap-'));
  let child: ChildProcess;
  let client: Client;

  before(async () => {
    child = fork(fileURLToPath(new URL('./api-process.js', import.meta.url)), { execArgv: ['--expose-gc'] });
    const [{ url, token }] = (await once(child, 'message')) as [Serving];
    client = new Client(url, 'alice' as GranteeId, 'Alice', token);
  });
  after(async () => {
    const ended = once(child, 'exit');
    child.disconnect();
    expect(await ended).to.deep.equal([0, null]);
    rmSync(folder, { recursive: true });
  });

  const tell = async (message: { readonly remember?: string; readonly snapshot?: string }): Promise<void> => {
    const answered = once(child, 'message');
    child.send(message);
    await answered;
  };
  const heapNow = async (): Promise<Buffer> => {
    const snapshot = join(folder, `${Date.now()}.heapsnapshot`);
    await tell({ snapshot });
    return readFileSync(snapshot);
  };

  it('holds no value any more once the requests that brought it are answered and the next ones are', async () => {
    const value = secret.text;
    const input = { name: 'Payments', value };
    const created = await client.data(createSecretKey, { input: { ...input, clientMutationId: 'once' } });
    const { id } = created.createSecretKey.secretKey;
    await client.data(createSecretKey, { input: { ...input, clientMutationId: 'once' } });
    await client.data(updateSecretValue, { input: { id, value } });
    await client.data(
      `mutation { createSecretKey(input: { name: "Literal", value: "${value}" }) { secretKey { id } } }`,
    );
    await client.refusal(createSecretKey, { input: { ...input, unknown: value } });
    await client.refusal(createSecretKey, { input: { ...input, name: 7 } });
    await client.refusal(createSecretKey, { input });
    await client.refusal(
      `mutation { createSecretKey(input: { name: "Literal", value: "${value}", unknown: 1 }) { secretKey { id } } }`,
    );
    await client.refusal(`mutation { createSecretKey(input: { name: "Literal", value: "${value} }`);
    for (let count = 0; count < 10; count += 1) await client.data('{ viewer { id } }');

    expect(secret.traces(await heapNow())).to.deep.equal([]);
  });

  it('would be seen to hold what it remembers', async () => {
    await tell({ remember: control.text });
    expect(control.traces(await heapNow())).to.deep.equal(['plain']);
  });
});
