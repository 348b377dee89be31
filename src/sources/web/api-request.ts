/** One question to the API of a blog, and what an answer that is none means to the operator. */
import { GazetteError } from '../../domain/errors.js';
import type { FetchWeb, WebRequest, WebResponse, WebValidators } from '../../domain/ports/host.js';
import { jsonFrom, textAt } from './json.js';
import { retryAfterMsOf } from './retry-after.js';

export type ApiAnswer =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'json';
      readonly bytes: Uint8Array;
      readonly headers: ReadonlyMap<string, string>;
      readonly validators?: WebValidators;
    }
  /** The API is there and says no, or it is not there. */
  | { readonly kind: 'refused'; readonly status: number; readonly code?: string; readonly message?: string };

export interface ApiTools {
  /** The name of the source, for messages. */
  readonly source: string;
  readonly fetchWeb: FetchWeb;
}

/** Throws `source.failed` when the server does not answer, or has a fault of its own. */
export async function askApi(
  { source, fetchWeb }: ApiTools,
  request: WebRequest,
  signal?: AbortSignal,
): Promise<ApiAnswer> {
  const response = await fetchWeb({ accept: 'application/json', ...request }, signal);
  if (response.kind === 'not-modified') return { kind: 'same' };
  if (response.kind !== 'answered') throw unanswered(source, response);
  const { status, headers, body, validators } = response;
  unlessAtFault(source, response);
  const isJson = /json/i.test(headers.get('content-type') ?? '');
  if (status >= 200 && status < 300 && isJson)
    return { kind: 'json', bytes: body, headers, ...(validators && { validators }) };
  const json = isJson ? jsonFrom(body) : undefined;
  const code = textAt(json, 'code') ?? textAt(json, 'errors', 0, 'code') ?? textAt(json, 'errors', 0, 'type');
  const message = textAt(json, 'message') ?? textAt(json, 'errors', 0, 'message');
  return { kind: 'refused', status, ...(code !== undefined && { code }), ...(message !== undefined && { message }) };
}

/** Throws `source.failed` for a server that has a fault, or has no time. */
export function unlessAtFault(
  source: string,
  { status, url, headers }: Extract<WebResponse, { kind: 'answered' }>,
): void {
  if (status !== 429 && status < 500) return;
  const hint = 'Try again later; see the log of the blog’s server if it lasts.';
  throw failed(source, `${hostOf(url)} answers with status ${status}.`, hint, undefined, retryAfterMsOf(headers));
}

/** A failure of a source, with what to do about it. */
export function failed(
  source: string,
  message: string,
  hint?: string,
  cause?: unknown,
  retryAfterMs?: number,
): GazetteError {
  return new GazetteError('source.failed', `The source “${source}” cannot be read: ${message}`, {
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** What a response that is no answer means. */
export function unanswered(
  source: string,
  response: Exclude<WebResponse, { kind: 'answered' | 'not-modified' }>,
): GazetteError {
  const host = hostOf(response.url);
  if (response.kind === 'failed')
    return failed(
      source,
      `${host} cannot be reached: ${response.text}.`,
      'Check the address in content/sources.yaml, and that the site is up.',
    );
  switch (response.why) {
    case 'private':
      return failed(
        source,
        `${host} is in a private network.`,
        'If this is your own server, set `allowPrivate: true` for the source in content/sources.yaml.',
      );
    case 'too-large':
      return failed(source, `an answer of ${host} is too large.`);
    case 'too-many-redirects':
      return failed(
        source,
        `${host} redirects again and again.`,
        'Write the address the redirects should end at in content/sources.yaml.',
      );
    default:
      return failed(source, `${response.url} is not an http or https address.`);
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
