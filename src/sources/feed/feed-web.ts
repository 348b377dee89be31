/** Asks for one document of a feed, and says what an answer that is none means to the operator. */
import { GazetteError } from '../../domain/errors.js';
import type { WebResponse, WebValidators } from '../../domain/ports/host.js';
import { unfinished } from '../post-reading.js';
import type { SourceTools } from '../source-tools.js';
import { failed, unanswered } from '../web/api-request.js';
import { freshForMs, retryAfterMsOf } from '../web/retry-after.js';
import type { FeedDocument } from './feed-item.js';
import type { FeedJob } from './feed-job.js';
import { hashOf } from './feed-memory.js';
import type { FeedOptions } from './feed-options.js';
import type { ReadFeed } from './read-feed.js';

/** A feed as a source knows it. */
export interface FeedPlace {
  readonly name: string;
  readonly options: FeedOptions;
  readonly tools: SourceTools;
}

/** One document, as it was read. */
export interface FeedPage {
  readonly document: FeedDocument;
  /** Where it was asked for, and where it was read from. */
  readonly at: string;
  readonly address: string;
  readonly hash: string;
  /** Its size. */
  readonly bytes: number;
  readonly movedTo?: string;
  readonly validators?: WebValidators;
  /** How long the server, or else the feed, says that it stays fresh. */
  readonly freshForMs: number;
}

export interface FeedQuestion {
  readonly address: string;
  /** What makes the request conditional, and the hash of what is known. */
  readonly known?: { readonly validators?: WebValidators; readonly hash?: string };
  readonly signal?: AbortSignal;
}

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.8, */*;q=0.5';

/** `undefined` when it is what is known already. Throws `source.failed` for everything that is no feed. */
export async function askFeed(place: FeedPlace, question: FeedQuestion): Promise<FeedPage | undefined> {
  const { address, known, signal } = question;
  const { options, tools, name } = place;
  const response = await tools.fetchWeb(
    {
      url: address,
      accept: ACCEPT,
      headers: headersFor(address, options.url, tools.credentialsOf(name)),
      ...(known?.validators && { validators: known.validators }),
      ...(options.allowPrivate && { allowPrivate: [new URL(options.url).hostname.replace(/^\[|\]$/g, '')] }),
    },
    signal,
  );
  if (response.kind === 'not-modified') return undefined;
  if (response.kind !== 'answered') throw unanswered(name, response);
  if (response.status < 200 || response.status > 299) throw refused(name, address, response);
  const hash = hashOf(response.body);
  return hash === known?.hash
    ? undefined
    : { ...(await pageFrom(place, response, signal)), at: address, hash, bytes: response.body.length };
}

type Answer = Extract<WebResponse, { kind: 'answered' }>;

async function pageFrom(
  { name, tools }: FeedPlace,
  answer: Answer,
  signal?: AbortSignal,
): Promise<Omit<FeedPage, 'at' | 'hash' | 'bytes'>> {
  const { body, headers, url, movedTo, validators } = answer;
  const job: FeedJob = { kind: 'feed', bytes: body, contentType: headers.get('content-type'), address: url };
  const end = await tools.runParse(job, signal);
  if (end.kind !== 'done') throw failed(name, `${url}: ${unfinished(end)}`);
  const read = end.result as ReadFeed;
  if (read.kind === 'no-feed') throw failed(name, `${url} ${read.message}.`, read.hint);
  const { document } = read;
  return {
    document,
    address: url,
    ...(movedTo !== undefined && { movedTo }),
    ...(validators && { validators }),
    freshForMs: Math.max(freshForMs(headers), (document.freshForMinutes ?? 0) * 60_000),
  };
}

/** `user:password`, or a token. They are for the host of the settings alone, wherever a feed says that it goes on. */
function headersFor(
  address: string,
  url: string,
  credentials: string | undefined,
): { readonly [name: string]: string } {
  if (credentials === undefined || new URL(address).origin !== new URL(url).origin) return {};
  if (!credentials.includes(':')) return { authorization: `Bearer ${credentials}` };
  return { authorization: `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` };
}

function refused(name: string, address: string, { status, headers }: Answer): GazetteError {
  const retryAfterMs = retryAfterMsOf(headers);
  const [message, hint] = REFUSALS[status] ?? [
    `the server answers with status ${status}`,
    'Try again later; see the log of the blog’s server if it lasts.',
  ];
  const text = `The source “${name}” cannot be read: ${address}: ${message}.`;
  return new GazetteError('source.failed', text, { hint, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

const CREDENTIALS = 'Set the user and password of the feed in the environment; docs/settings.md says how.';

const REFUSALS: { readonly [status: number]: readonly [string, string] } = {
  401: ['it wants a password (401)', CREDENTIALS],
  403: ['it may not be read (403)', 'See whether it opens in a browser; some servers refuse programs.'],
  404: ['there is nothing (404)', 'Correct its address in content/sources.yaml.'],
  410: ['its owner has removed it for good (410)', 'Find its new address, or remove the source from the newsletter.'],
  429: ['the server was asked too often (429)', 'It is read again when the server allows it.'],
  503: ['the server is busy (503)', 'It is read again when the server allows it.'],
};
