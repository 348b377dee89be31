/** A door that others can reach asks for its token once, and then knows the browser by a cookie. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export interface Session {
  /** What the operator was shown when the studio began. */
  readonly token: string;
}

const COOKIE = 'gazette_studio';

export function hasSession(context: Context, { token }: Session): boolean {
  return isSame(getCookie(context, COOKIE) ?? '', cookieOf(token));
}

/** A link with the token opens the door, and takes the token out of the address; anything else is asked for it. */
export function askForToken(context: Context, { token }: Session): Response {
  const given = context.req.query('token');
  if (given === undefined || !isSame(given, token)) {
    return context.text(
      'Open the studio by the link that `gazette studio` printed when it began: it holds a token.',
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

/** The browser keeps no token that could be typed in elsewhere. */
function cookieOf(token: string): string {
  return createHash('sha256').update(`studio ${token}`).digest('base64url');
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
