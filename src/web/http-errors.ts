/** What an HTTP status means at this door, and what goes with every answer of a kind. */
import type { NoticeName } from '../domain/page.js';

export type Status = 200 | 304 | 400 | 404 | 405 | 413 | 415 | 429 | 500;

/** What a person reads with a status that is no answer. */
export function noticeFor(status: Status): NoticeName {
  if (status === 429) return 'too-many';
  return status === 500 ? 'failed' : 'not-found';
}

/** Nothing but our own style sheet and pictures; no script at all; forms go to ourselves alone. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A mail in a browser: its styles stand inside it, and nothing in it may act. */
export const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** Of every answer. */
export const SAFE_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': PAGE_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/** Of every answer to a link that names somebody. */
export const PRIVATE_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex, nofollow',
} as const;
