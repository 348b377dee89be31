/** Fetches from the web for sources: conditional requests, and politeness towards each host. */
import type { Clock, FetchWeb, WebRequest, WebResponse, WebValidators } from '../domain/ports/host.js';
import type { ExchangeEnd, WebClient } from './web-client.js';

export interface FetchWebOptions {
  readonly client: WebClient;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

const MOST_BYTES = 20_000_000;
/** The shortest wait between two requests to one host; up to as much again is added by chance. */
const GAP_MS = 100;
/** From this many hosts on, those that need no wait any more are forgotten. */
const MANY_HOSTS = 100;

/** One request at a time to each host, with a short wait in between. */
export function openFetchWeb({ client, clock, random = Math.random }: FetchWebOptions): FetchWeb {
  const turns = new Map<string, { readonly over: Promise<void>; freeAt: number }>();

  async function inTurn<Result>(host: string, signal: AbortSignal | undefined, work: () => Promise<Result>) {
    const before = turns.get(host);
    let end = () => {};
    const turn = { over: new Promise<void>((resolve) => (end = resolve)), freeAt: Number.POSITIVE_INFINITY };
    turns.set(host, turn);
    try {
      await before?.over;
      const waitMs = (before?.freeAt ?? 0) - clock.now().getTime();
      // More than the longest gap: the clock was set back.
      if (waitMs > 0) await clock.sleep(Math.min(waitMs, 2 * GAP_MS), signal);
      signal?.throwIfAborted();
      return await work();
    } finally {
      turn.freeAt = clock.now().getTime() + GAP_MS * (1 + random());
      end();
      if (turns.size > MANY_HOSTS) forgetFree();
    }
  }

  function forgetFree(): void {
    const now = clock.now().getTime();
    for (const [host, { freeAt }] of turns) if (freeAt <= now) turns.delete(host);
  }

  return async (request, signal) => {
    const host = URL.canParse(request.url) ? new URL(request.url).host : '';
    return responseFrom(await inTurn(host, signal, () => client.exchange(exchangeFor(request), signal)));
  };
}

function exchangeFor({ url, accept = '*/*', headers, validators = {}, maxBytes, allowPrivate }: WebRequest) {
  return {
    method: 'GET' as const,
    url,
    headers: {
      ...headers,
      accept,
      ...(validators.etag !== undefined && { 'if-none-match': validators.etag }),
      ...(validators.lastModified !== undefined && { 'if-modified-since': validators.lastModified }),
    },
    followRedirects: true,
    maxBytes: maxBytes ?? MOST_BYTES,
    ...(allowPrivate && { allowPrivate }),
  };
}

function responseFrom(end: ExchangeEnd): WebResponse {
  if (end.kind !== 'answered') return end;
  const { status, url, hops, headers, body } = end;
  if (status === 304) return { kind: 'not-modified', headers };
  const firstForNow = hops.findIndex(({ isForGood }) => !isForGood);
  const permanent = firstForNow === -1 ? hops : hops.slice(0, firstForNow);
  const movedTo = permanent.at(-1)?.to;
  const validators = hops.length === permanent.length ? validatorsIn(headers) : undefined;
  return {
    kind: 'answered',
    status,
    url,
    ...(movedTo !== undefined && { movedTo }),
    ...(validators && { validators }),
    headers,
    body,
  };
}

function validatorsIn(headers: ReadonlyMap<string, string>): WebValidators | undefined {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  if (etag === undefined && lastModified === undefined) return undefined;
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}
