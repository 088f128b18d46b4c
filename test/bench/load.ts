/** Load on an HTTP server: so many connections, each with the next request as soon as the last one is answered. */
import { Agent, type IncomingMessage, request } from 'node:http';

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly authorization: string;
  /** Made anew for each request. */
  readonly body: () => string;
}

export interface Sample {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly latencies: readonly number[];
}

export const connections = 8;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** Throws at the first answer that is not a success. */
export async function load(target: Target, milliseconds: number): Promise<Sample> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const end = startedAt + milliseconds;
  const connection = async () => {
    while (performance.now() < end) {
      const sentAt = performance.now();
      await ask(target);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return { perSecond: (latencies.length / (performance.now() - startedAt)) * 1000, latencies };
}

/** The body of an answer. Throws when it is not a success. */
export function ask({ port, path, authorization, body }: Target): Promise<string> {
  return new Promise((resolve, reject) => {
    const text = body();
    const headers = { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const receive = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        const hasFailed = response.statusCode !== 200 || answer.subarray(0, 9).toString() === '{"errors"';
        if (hasFailed) reject(new Error(`${path} answered ${response.statusCode}: ${answer.subarray(0, 300)}`));
        else resolve(answer.toString());
      });
    };
    request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, receive).on('error', reject).end(text);
  });
}

export interface Comparison {
  /** Requests per second of the first target in terms of the second's: the median, the lowest and the highest round. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** The 99th percentile of the first target's latencies in terms of the second's, over all rounds. */
  readonly p99: number;
  readonly rounds: number;
}

const roundMilliseconds = 500;

/** Loads the two in turn, in short rounds, so that whatever else the machine does hits both. */
export async function compare(api: Target, limit: Target, seconds: number): Promise<Comparison> {
  for (const target of [api, limit]) await load(target, 2 * roundMilliseconds);
  const rounds = Math.max(3, Math.round((seconds * 1000) / roundMilliseconds));
  const samples: { readonly api: Sample; readonly limit: Sample }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    samples.push({ api: await load(api, roundMilliseconds), limit: await load(limit, roundMilliseconds) });
  }
  const ratios = samples.map((sample) => sample.api.perSecond / sample.limit.perSecond).sort((a, b) => a - b);
  const latencies = (side: 'api' | 'limit') =>
    samples.flatMap((sample) => sample[side].latencies).sort((a, b) => a - b);
  return {
    ratio: quantile(ratios, 0.5),
    lowest: quantile(ratios, 0),
    highest: quantile(ratios, 1),
    p99: quantile(latencies('api'), 0.99) / quantile(latencies('limit'), 0.99),
    rounds,
  };
}

/** Of values in ascending order. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
