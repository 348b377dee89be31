/** What the public pages need from outside: their address, signatures, and what prints pages and builds mails. */
import type { Links } from '../audience/links.js';
import type { PublicPaths } from '../audience/public-paths.js';
import type { Stamps } from '../audience/tokens.js';
import type { Pages } from '../domain/ports/content.js';
import type { NoticeBuilder } from '../domain/ports/mail.js';

/** The ports of the public pages; a workspace without a public URL and a secret has none. */
export interface PublicSite {
  readonly paths: PublicPaths;
  readonly links: Links;
  readonly stamps: Stamps;
  readonly pages: Pages;
  readonly notices: NoticeBuilder;
  /** The proxies whose word on a client's address is taken: addresses, networks, `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustedProxies: readonly string[];
}
