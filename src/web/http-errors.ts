/** The HTTP statuses in use, the notice for each, and the headers of answers. */
import type { NoticeName } from '../domain/page.js';

export type Status = 200 | 304 | 400 | 404 | 405 | 413 | 415 | 429 | 500 | 503;

/** The notice that explains an error status. */
export function noticeFor(status: Status): NoticeName {
  if (status === 429) return 'too-many';
  return status === 500 || status === 503 ? 'failed' : 'not-found';
}

/** Only our own style sheet and pictures; no script; forms only to this site. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A mail in a browser: its styles are inline, and nothing in it may run. */
export const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** Headers of every answer. */
export const SAFE_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': PAGE_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/** Headers of every answer to a link with a token. */
export const PRIVATE_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex, nofollow',
} as const;
