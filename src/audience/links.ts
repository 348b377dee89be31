/**
 * The links in a reader's mail: signed, short, without an address, valid for ever (RFC 8058 §3.1, rule: dead-links). A token
 * holds everything it needs, so that the links of old mails work whatever has changed in the settings.
 */
import { publicPaths } from './public-paths.js';
import { isSameText, numberFrom36, type SigningSecret, sign } from './signature.js';

export interface Links {
  /** One click by POST unsubscribes (RFC 8058), GET shows a page with a button. */
  unsubscribeUrl(newsletter: string, subscriber: number): string;
  /** For the `List-Unsubscribe` header: the same URL as `unsubscribeUrl`. */
  oneClickUrl(newsletter: string, subscriber: number): string;
  preferencesUrl(newsletter: string, subscriber: number): string;
  /** The issue in the archive: the same for all, without a token (RFC 5064). */
  webUrl(newsletter: string, issueNumber: number): string;
  /** The reader a token is for; `undefined` when it was not signed here. */
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

const PURPOSE = 'reader';
const MAC_CHARS = 22;

/** Opens the links below one public URL. */
export function openLinks({ publicUrl, secrets }: LinksOptions): Links {
  const [signer] = secrets;
  if (signer === undefined) throw new RangeError('Links need at least one secret.');
  const paths = publicPaths(publicUrl);
  const urlTo = (path: (token: string) => string) => (newsletter: string, subscriber: number) =>
    paths.absolute(path(tokenFor(signer, newsletter, subscriber)));
  return {
    unsubscribeUrl: urlTo(paths.unsubscribe),
    oneClickUrl: urlTo(paths.unsubscribe),
    preferencesUrl: urlTo(paths.preferences),
    webUrl: (newsletter, number) => paths.absolute(paths.issue(newsletter, number)),
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
  // The whole token is built again and compared, so that only one spelling of it is valid.
  return isSameText(tokenFor(by, newsletter, subscriber), token) ? { newsletter, subscriber } : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const DEAD_URL = 'https://preview.invalid/this-link-works-in-real-issues-only';

/** Links for previews and test mails: they lead nowhere and say so (RFC 2606 `.invalid`). */
export const deadLinks: Links = {
  unsubscribeUrl: () => DEAD_URL,
  oneClickUrl: () => DEAD_URL,
  preferencesUrl: () => DEAD_URL,
  webUrl: () => DEAD_URL,
  verify: () => undefined,
};
