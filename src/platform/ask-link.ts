/** Follows a link as a reader's program would, and reads no more of it than needed. */
import type { AskLink, LinkAnswer } from '../domain/ports/host.js';
import type { ExchangeEnd, WebClient } from './web-client.js';

/** A picture is read no further than this. */
const MOST_BYTES = 10_000_000;
/** Answers to HEAD that say nothing about GET: some servers only know the latter. */
const ASK_AGAIN = new Set([400, 403, 404, 405, 406, 501]);

/** Never rejects for what the world says. */
export function openAskLink({ exchange }: Pick<WebClient, 'exchange'>): AskLink {
  const ask = (method: 'HEAD' | 'GET', url: string, signal?: AbortSignal) =>
    exchange(
      {
        ...{ method, url, headers: { accept: '*/*' }, followRedirects: true, maxBytes: MOST_BYTES, mayCut: true },
        wantsBody: (headers) => isImage(headers) && lengthIn(headers) === undefined,
      },
      signal,
    );
  return async (url, signal) => {
    const head = await ask('HEAD', url, signal);
    return answerFrom(needsMore(head) ? await ask('GET', url, signal) : head);
  };
}

function needsMore(end: ExchangeEnd): boolean {
  if (end.kind !== 'answered') return false;
  const { status, headers } = end;
  return ASK_AGAIN.has(status) || (status < 300 && isImage(headers) && lengthIn(headers) === undefined);
}

function answerFrom(end: ExchangeEnd): LinkAnswer {
  if (end.kind === 'failed') return end.isUnknownHost ? { kind: 'no-such-host' } : { kind: 'failed', text: end.text };
  if (end.kind === 'refused') {
    if (end.why === 'private') return { kind: 'private', url: end.url };
    return { kind: 'failed', text: end.why === 'scheme' ? `it leads to ${end.url}` : 'it leads on too many times' };
  }
  const { status, url, hops, headers, body } = end;
  const type = typeIn(headers);
  const bytes = lengthIn(headers) ?? (isImage(headers) && status < 300 ? body.length : undefined);
  return {
    kind: 'answered',
    status,
    url,
    // An address that is temporary at any point is not one to write down.
    ...(hops.length > 0 && { moved: hops.every(({ isForGood }) => isForGood) ? 'for-good' : 'for-now' }),
    ...(type !== undefined && { type }),
    ...(bytes !== undefined && { bytes }),
  };
}

function typeIn(headers: ReadonlyMap<string, string>): string | undefined {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
}

function isImage(headers: ReadonlyMap<string, string>): boolean {
  return typeIn(headers)?.startsWith('image/') ?? false;
}

function lengthIn(headers: ReadonlyMap<string, string>): number | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return Number.isFinite(length) ? length : undefined;
}
