/** A subscription over plain fetch, read event by event. */
import type { Client } from './api.js';

export interface StreamEvent {
  readonly event: string;
  /** Null for an event without data. */
  // biome-ignore lint/suspicious/noExplicitAny: events are compared whole, in the shape that the test states
  readonly data: any;
}

export interface EventStream {
  readonly response: Response;
  /** The next event; null after the last one. Comments are left out. */
  next(): Promise<StreamEvent | null>;
  /** All events that are left. */
  rest(): Promise<StreamEvent[]>;
  /** Goes away, as a tab that is closed. */
  leave(): void;
}

export const streamUrl = ({ url }: Client): string => `${url}/stream`;

export async function openStream(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const leaving = new AbortController();
  const response = await fetch(streamUrl(client), {
    method: 'POST',
    signal: leaving.signal,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(client.token === null ? {} : { authorization: `Bearer ${client.token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const events = eventsOf(response);
  const next = async () => (await events.next()).value ?? null;
  return {
    response,
    next,
    async rest() {
      const all: StreamEvent[] = [];
      for (let event = await next(); event !== null; event = await next()) all.push(event);
      return all;
    },
    leave: () => leaving.abort(),
  };
}

async function* eventsOf({ body }: Response): AsyncGenerator<StreamEvent, undefined> {
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = `${text}${chunk}`.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
      const event = field('event');
      if (event !== undefined) yield { event, data: JSON.parse(field('data') || 'null') };
    }
  }
  return undefined;
}
