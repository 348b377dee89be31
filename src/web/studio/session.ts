/** Where others can reach the studio, it asks each browser once for a token and then recognises it by a cookie. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export interface Session {
  /** Part of the link that was printed when the studio started. */
  readonly token: string;
}

const COOKIE = 'gazette_studio';

export function hasSession(context: Context, { token }: Session): boolean {
  return isSame(getCookie(context, COOKIE) ?? '', cookieOf(token));
}

/** Accepts a link with the token and removes the token from the address; refuses any other request. */
export function askForToken(context: Context, { token }: Session): Response {
  const given = context.req.query('token');
  if (given === undefined || !isSame(given, token)) {
    return context.text(
      'Open the studio with the link that `gazette studio` printed when it started: it contains a token.',
      401,
    );
  }
  setCookie(context, COOKIE, cookieOf(token), { httpOnly: true, sameSite: 'Strict', path: '/' });
  const url = new URL(context.req.url);
  url.searchParams.delete('token');
  // A redirect would be followed as a cross-site navigation, and so without the cookie.
  const target = `${url.pathname}${url.search}`.replace(/[<>"'&]/g, (character) => `&#${character.charCodeAt(0)};`);
  return context.html(
    `<!doctype html><meta http-equiv="refresh" content="0;url=${target}"><title>Gazette studio</title>`,
  );
}

/** A hash, so that the browser does not keep the token itself. */
function cookieOf(token: string): string {
  return createHash('sha256').update(`studio ${token}`).digest('base64url');
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
