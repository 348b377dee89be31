/**
 * The links of a reader's copy: signed, short, naming nobody, good for ever (RFC 8058 §3.1, rule: dead-links).
 * A token holds everything it needs, so that an old mail's link works whatever became of the settings.
 */

import { trimEndOf } from '../domain/trim.js';
import { isSameText, numberFrom36, type SigningSecret, sign } from './signature.js';

export interface Links {
  /** One click by POST unsubscribes (RFC 8058), GET shows a page with a button. */
  unsubscribeUrl(newsletter: string, subscriber: number): string;
  /** What `List-Unsubscribe` holds: the same address as `unsubscribeUrl`. */
  oneClickUrl(newsletter: string, subscriber: number): string;
  preferencesUrl(newsletter: string, subscriber: number): string;
  /** The issue in the archive: the same for all, without a token (RFC 5064). */
  webUrl(newsletter: string, issueNumber: number): string;
  /** Whom a token is for; `undefined` for one that was not signed here. */
  verify(token: string): ReaderRef | undefined;
}

export interface ReaderRef {
  readonly newsletter: string;
  readonly subscriber: number;
}

export interface LinksOptions {
  /** With or without a path; a slash at the end makes no difference. */
  readonly publicUrl: string;
  /** At least one. */
  readonly secrets: readonly SigningSecret[];
}

/** Where the public pages live, below the public URL; the token, or newsletter and number, follows. */
const LINK_PATHS = { unsubscribe: '/u/', preferences: '/p/', archive: '/archive/' } as const;

const PURPOSE = 'reader';
const MAC_CHARS = 22;

/** Opens the links of one public address. */
export function openLinks({ publicUrl, secrets }: LinksOptions): Links {
  const [signer] = secrets;
  if (signer === undefined) throw new RangeError('Links need at least one secret.');
  const base = trimEndOf(publicUrl, '/');
  const urlTo = (path: string) => (newsletter: string, subscriber: number) =>
    `${base}${path}${tokenFor(signer, newsletter, subscriber)}`;
  return {
    unsubscribeUrl: urlTo(LINK_PATHS.unsubscribe),
    oneClickUrl: urlTo(LINK_PATHS.unsubscribe),
    preferencesUrl: urlTo(LINK_PATHS.preferences),
    webUrl: (newsletter, number) => `${base}${LINK_PATHS.archive}${encodeURIComponent(newsletter)}/${number}`,
    verify: (token) => verifyToken(secrets, token),
  };
}

/** `<kid>.<newsletter>.<subscriber in base 36><signature>`: URL-safe as it is. */
function tokenFor(by: SigningSecret, newsletter: string, subscriber: number): string {
  const mac = sign(by, PURPOSE, [newsletter, subscriber]).toString('base64url');
  return `${by.kid}.${encodeURIComponent(newsletter)}.${subscriber.toString(36)}${mac}`;
}

function verifyToken(secrets: readonly SigningSecret[], token: string): ReaderRef | undefined {
  const [, kid, name = '', tail = ''] = /^([0-9a-z]+)\.(.+)\.([^.]+)$/.exec(token) ?? [];
  const by = secrets.find((secret) => secret.kid === kid);
  const newsletter = decoded(name);
  const subscriber = numberFrom36(tail.slice(0, -MAC_CHARS));
  if (by === undefined || newsletter === undefined || subscriber === undefined) return undefined;
  // The whole text is built again and compared, so that only one spelling of a token is ever good.
  return isSameText(tokenFor(by, newsletter, subscriber), token) ? { newsletter, subscriber } : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Links for previews and test mails: plain to see that they lead nowhere, and they do (RFC 2606 `.invalid`). */
export const deadLinks: Links = {
  unsubscribeUrl: () => 'https://preview.invalid/this-link-works-in-real-issues-only',
  oneClickUrl: () => 'https://preview.invalid/this-link-works-in-real-issues-only',
  preferencesUrl: () => 'https://preview.invalid/this-link-works-in-real-issues-only',
  webUrl: () => 'https://preview.invalid/this-link-works-in-real-issues-only',
  verify: () => undefined,
};
