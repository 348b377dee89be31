/**
 * Follows a link as a reader's program would, and reads no more of it than needed. It never asks a private network: text
 * from outside must not make this machine send requests to its neighbours.
 */
import { lookup as systemLookup } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AskLink, LinkAnswer } from '../domain/ports/host.js';
import { isPrivateAddress } from '../domain/private-host.js';

const MOST_HOPS = 6;
const TIMEOUT_MS = 10_000;
/** A picture is read no further than this. */
const MOST_BYTES = 10_000_000;
/** Answers to HEAD that say nothing about GET: some servers only know the latter. */
const ASK_AGAIN = new Set([400, 403, 404, 405, 406, 501]);

export interface AskLinkOptions {
  /** Whether an IP address may be asked; private ones may not, unless a test says so. */
  readonly mayAsk?: (address: string) => boolean;
}

/** Never rejects for what the world says. */
export function openAskLink({ mayAsk = (address) => !isPrivateAddress(address) }: AskLinkOptions = {}): AskLink {
  const ask = (url: URL, method: 'HEAD' | 'GET', signal?: AbortSignal) => askOnce(url, method, mayAsk, signal);
  return async (address, signal) => {
    let url = new URL(address);
    let moved: 'for-good' | 'for-now' | undefined;
    try {
      for (let hop = 0; hop < MOST_HOPS; hop += 1) {
        const head = await ask(url, 'HEAD', signal);
        const answer = needsMore(head) ? await ask(url, 'GET', signal) : head;
        const next = nextHop(answer, url);
        if (!next) return answered(answer, url, moved);
        // A way that is for now at any point is no address to write down.
        const isForGood = (answer.status === 301 || answer.status === 308) && moved !== 'for-now';
        moved = isForGood ? 'for-good' : 'for-now';
        url = next;
      }
      return { kind: 'failed', text: `it leads on more than ${MOST_HOPS} times` };
    } catch (error) {
      if (error instanceof PrivateError) return { kind: 'private', url: url.href };
      return failed(error);
    }
  };
}

interface Answer {
  readonly status: number;
  readonly location?: string;
  readonly type?: string;
  readonly bytes?: number;
}

function needsMore({ status, type = '', bytes }: Answer): boolean {
  return ASK_AGAIN.has(status) || (status < 300 && type.startsWith('image/') && bytes === undefined);
}

function nextHop({ status, location }: Answer, from: URL): URL | undefined {
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, from.href)) return undefined;
  const next = new URL(location, from);
  return /^https?:$/.test(next.protocol) ? next : undefined;
}

function answered({ status, type, bytes }: Answer, url: URL, moved: 'for-good' | 'for-now' | undefined): LinkAnswer {
  return {
    kind: 'answered',
    status,
    url: url.href,
    ...(moved && { moved }),
    ...(type !== undefined && { type }),
    ...(bytes !== undefined && { bytes }),
  };
}

function failed(error: unknown): LinkAnswer {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND') return { kind: 'no-such-host' };
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return { kind: 'failed', text: isLate ? 'it does not answer in time' : (message ?? String(error)) };
}

class PrivateError extends Error {}

function askOnce(
  url: URL,
  method: 'HEAD' | 'GET',
  mayAsk: (address: string) => boolean,
  signal?: AbortSignal,
): Promise<Answer> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A host that is an address already is never looked up.
    if (/^[\d.]+$|:/.test(host) && !mayAsk(host)) {
      reject(new PrivateError());
      return;
    }
    const request = (url.protocol === 'https:' ? requestSecure : requestPlain)(
      url,
      {
        method,
        agent: false,
        signal: either,
        lookup: guardedLookup(mayAsk),
        headers: { 'User-Agent': 'Gazette', Accept: '*/*' },
      },
      (response) => readAnswer(response, method).then(resolve, reject),
    );
    request.on('error', (error) => reject(late.aborted ? late.reason : error));
    request.end();
  });
}

/** The addresses that are judged are the ones that are connected to, so that a name cannot change in between. */
function guardedLookup(mayAsk: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) callback(error ?? new Error(`${hostname} has no address`), '', 0);
      else if (!addresses.every(({ address }) => mayAsk(address))) callback(new PrivateError(), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function readAnswer(response: IncomingMessage, method: 'HEAD' | 'GET'): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const announced = Number(headers['content-length'] ?? Number.NaN);
  let bytes = Number.isFinite(announced) ? announced : undefined;
  if (method === 'GET' && bytes === undefined && statusCode < 300 && type?.startsWith('image/')) {
    bytes = 0;
    for await (const chunk of response) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > MOST_BYTES) break;
    }
  }
  response.destroy();
  return {
    status: statusCode,
    ...(headers.location !== undefined && { location: headers.location }),
    ...(type !== undefined && { type }),
    ...(bytes !== undefined && { bytes }),
  };
}
