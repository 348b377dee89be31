/**
 * The one HTTP client: every request to an address that settings or texts from outside name goes through it. It has limits of
 * time, size and redirects, and asks no private network unless the request names the host.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliDecompress, createInflate, createUnzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { isPrivateAddress, isPrivateHost } from '../domain/private-host.js';

export interface WebClientOptions {
  /** Names the program, and whom to write to about it. */
  readonly userAgent?: string;
  /** As the environment has them. */
  readonly proxies?: { readonly http?: string; readonly https?: string; readonly none?: string };
  /** For a request with all its redirects and its whole body. */
  readonly timeoutMs?: number;
  /** Resolves names. */
  readonly lookup?: typeof systemLookup;
  /** Whether a private address may be asked all the same: for tests. */
  readonly mayReach?: (address: string) => boolean;
}

export interface Exchange {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Absent: an answer that redirects is an answer like any other. */
  readonly followRedirects?: boolean;
  /** Host names that may be in a private network. */
  readonly allowPrivate?: readonly string[];
  /** How much of the body is read, decompressed; a longer one is refused, or cut where `mayCut` says so. */
  readonly maxBytes: number;
  readonly mayCut?: boolean;
  /** Whether the body is read at all; absent: it is. */
  wantsBody?(headers: ReadonlyMap<string, string>): boolean;
}

export type ExchangeEnd =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly url: string;
      /** The addresses on the way, in order, each with whether it leads on for good. */
      readonly hops: readonly { readonly to: string; readonly isForGood: boolean }[];
      readonly headers: ReadonlyMap<string, string>;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'refused';
      readonly why: 'private' | 'scheme' | 'too-large' | 'too-many-redirects';
      readonly url: string;
    }
  | { readonly kind: 'failed'; readonly isUnknownHost: boolean; readonly text: string; readonly url: string };

export interface WebClient {
  /** Never rejects for what the world says; rejects with the signal's reason when it is aborted. */
  exchange(exchange: Exchange, signal?: AbortSignal): Promise<ExchangeEnd>;
}

/** An address that an operator chose for this program: it may be private, is asked alone, and what it says beyond its status is not read. */
export function toOwnAddress(url: string): Omit<Exchange, 'method'> {
  const { hostname } = new URL(url);
  return { url, allowPrivate: [hostname.replace(/^\[|\]$/g, '')], maxBytes: 0, wantsBody: () => false };
}

const MOST_REDIRECTS = 5;
const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** More than any server sends; some file storage needs 8 kB for a cookie. */
const MOST_HEADER_BYTES = 64 * 1024;

/** Nothing is loaded before the first request. */
export function openWebClient(options: WebClientOptions = {}): WebClient {
  let dispatchers: Promise<Dispatchers> | undefined;
  return {
    exchange: async (exchange, signal) => {
      dispatchers ??= openDispatchers(options);
      const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
      const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
      const at = { url: exchange.url };
      try {
        return await follow(await dispatchers, exchange, at, options, either);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof Refusal) return { kind: 'refused', why: error.why, url: at.url };
        return { kind: 'failed', ...reasonOf(deadline.aborted ? deadline.reason : error), url: at.url };
      }
    },
  };
}

/** Why a request is not made, or its answer not read to the end. */
class Refusal extends Error {
  constructor(readonly why: (ExchangeEnd & { kind: 'refused' })['why']) {
    super(why);
  }
}

interface Dispatchers {
  readonly guarded: Dispatcher;
  /** For hosts that may be private. */
  readonly open: Dispatcher;
}

async function openDispatchers({ proxies = {}, lookup = systemLookup, mayReach }: WebClientOptions) {
  const { EnvHttpProxyAgent, Pool } = await import('undici');
  /** The library tries for ever where a proxy closes the connection, unless the error is of a kind it does not know. */
  class ProxyPool extends Pool {
    override async connect(options: never): Promise<never> {
      try {
        return (await super.connect(options)) as never;
      } catch (cause) {
        throw new Error(`the proxy does not work: ${reasonOf(cause).text}`, { cause });
      }
    }
  }
  const open = (mayAsk: (address: string) => boolean) =>
    new EnvHttpProxyAgent({
      // Empty texts keep the library from reading the environment itself.
      ...{ httpProxy: proxies.http ?? '', httpsProxy: proxies.https ?? '', noProxy: proxies.none ?? '' },
      maxHeaderSize: MOST_HEADER_BYTES,
      // Only https is tunnelled: many proxies refuse CONNECT to any other port.
      proxyTunnel: false,
      clientFactory: (origin, given) => new ProxyPool(origin, given),
      connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(lookup, mayAsk) },
    });
  return { guarded: open(mayReach ?? ((address) => !isPrivateAddress(address))), open: open(() => true) };
}

/** The addresses that are judged are the ones that are connected to, so that a name cannot change in between. */
function guardedLookup(lookup: typeof systemLookup, mayAsk: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) callback(error ?? new Error(`${hostname} has no address`), '', 0);
      else if (!addresses.every(({ address }) => mayAsk(address))) callback(new Refusal('private'), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** @param at is kept up to date with the address that is asked */
async function follow(
  dispatchers: Dispatchers,
  exchange: Exchange,
  at: { url: string },
  options: WebClientOptions,
  signal: AbortSignal,
): Promise<ExchangeEnd> {
  const hops: { to: string; isForGood: boolean }[] = [];
  for (;;) {
    const url = new URL(at.url);
    const dispatcher = dispatcherFor(dispatchers, url, exchange, options);
    const requested = dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: exchange.method,
      headers: headersFor(exchange, options, hops.length === 0, url),
      ...(exchange.body !== undefined && { body: exchange.body }),
      signal,
    });
    const response = await untilAborted(requested, signal);
    const headers = headersOf(response);
    const next = exchange.followRedirects ? nextHop(response.statusCode, headers, url) : undefined;
    if (next === undefined) {
      const body = await bodyOf(response, headers, exchange, signal);
      return { kind: 'answered', status: response.statusCode, url: url.href, hops, headers, body };
    }
    abandon(response);
    if (hops.length === MOST_REDIRECTS) throw new Refusal('too-many-redirects');
    hops.push({ to: next, isForGood: response.statusCode === 301 || response.statusCode === 308 });
    at.url = next;
  }
}

/** The library notices a signal only once it is connected. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function dispatcherFor(dispatchers: Dispatchers, url: URL, exchange: Exchange, options: WebClientOptions): Dispatcher {
  if (!/^https?:$/.test(url.protocol)) throw new Refusal('scheme');
  if (exchange.allowPrivate?.includes(url.hostname.replace(/^\[|\]$/g, ''))) return dispatchers.open;
  // An address is never looked up, and through a proxy no name is: both are judged by what is written.
  const mayReach = options.mayReach ?? (() => false);
  if (isPrivateHost(url.hostname) && !mayReach(url.hostname.replace(/^\[|\]$/g, ''))) throw new Refusal('private');
  return dispatchers.guarded;
}

/** Another origin gets no credentials, and another address no conditions: an ETag belongs to the address that gave it. */
function headersFor(
  { url: first, headers = {}, method }: Exchange,
  { userAgent = 'Gazette' }: WebClientOptions,
  isFirst: boolean,
  url: URL,
): Record<string, string> {
  const isOwnOrigin = url.origin === new URL(first).origin;
  const kept = Object.entries(headers).filter(([name]) =>
    isFirst ? true : isOwnOrigin ? !/^if-/i.test(name) : /^accept/i.test(name),
  );
  return {
    'user-agent': userAgent,
    ...(method === 'GET' && { 'accept-encoding': 'gzip, deflate, br' }),
    ...Object.fromEntries(kept),
  };
}

/** Of several headers of one name the values are joined, as HTTP allows. */
function headersOf({ headers }: Dispatcher.ResponseData): ReadonlyMap<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return new Map(entries);
}

function nextHop(status: number, headers: ReadonlyMap<string, string>, from: URL): string | undefined {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || status === 304 || location === undefined) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from).href : undefined;
}

/** Counts what arrives as well as what it becomes: either may have no end. */
async function bodyOf(
  response: Dispatcher.ResponseData,
  headers: ReadonlyMap<string, string>,
  { maxBytes, mayCut = false, wantsBody = () => true }: Exchange,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (!wantsBody(headers)) {
    abandon(response);
    return new Uint8Array();
  }
  const chunks: Uint8Array[] = [];
  let isTooLarge = false;
  async function* limited(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let left = maxBytes;
    for await (const chunk of bytes) {
      left -= chunk.length;
      isTooLarge ||= left < 0;
      if (isTooLarge) throw new Refusal('too-large');
      yield chunk;
    }
  }
  const decoder = decoderFor(headers.get('content-encoding') ?? '');
  const keep = async (bytes: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of limited(bytes)) chunks.push(chunk);
  };
  const arriving = limited(response.body);
  try {
    if (decoder) await pipeline(Readable.from(arriving), decoder, keep, { signal });
    else await keep(arriving);
  } catch (error) {
    abandon(response);
    // The pipeline reports what broke first, which may be its other end.
    if (!isTooLarge) throw error;
    if (!mayCut) throw new Refusal('too-large');
  }
  return Buffer.concat(chunks);
}

/** As lenient as browsers with gzip: a missing end of the compressed data is noticed by the parser of the text. */
const LENIENT = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

function decoderFor(encoding: string): Transform | undefined {
  const name = encoding.trim().toLowerCase().replace(/^x-/, '');
  if (name === '' || name === 'identity') return undefined;
  if (name === 'gzip') return createUnzip(LENIENT);
  if (name === 'deflate') return createInflate(LENIENT);
  if (name === 'br') return createBrotliDecompress();
  throw new Error(`the answer is encoded as “${name.slice(0, 40)}”, which was not asked for`);
}

/** Reads no more of a body. */
function abandon({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined);
  body.destroy();
}

/** Why there was no answer, as part of a sentence. */
const REASONS: { readonly [code: string]: string } = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up; is this machine on the network?',
  ECONNREFUSED: 'the server refuses connections',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer does not arrive in time',
  UND_ERR_HEADERS_OVERFLOW: 'its answer has too many headers',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer is shorter or longer than it says',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that this machine does not know',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

function reasonOf(error: unknown): { readonly isUnknownHost: boolean; readonly text: string } {
  if (error instanceof Error && error.name === 'TimeoutError')
    return { isUnknownHost: false, text: 'it does not answer in time' };
  const { code = '', message } = (error ?? {}) as NodeJS.ErrnoException;
  if ((error as Error).name === 'HTTPParserError') return { isUnknownHost: false, text: 'its answer is not HTTP' };
  if (/^(?:Z_|ERR__|ERR_BROTLI)/.test(code)) return { isUnknownHost: false, text: 'its answer cannot be decoded' };
  return { isUnknownHost: code === 'ENOTFOUND', text: REASONS[code] ?? (message || String(error)) };
}
