/** What every route of the public door is handed: the stories, and the ways to answer. */
import type { Context, Hono } from 'hono';
import type { ReaderSite } from '../../readers/index.js';
import type { Limits } from './limits.js';

/** Where a request comes from, as far as this host can tell. */
export interface Peer {
  readonly ip: string;
  readonly userAgent: string;
}

export type Env = { Bindings: { readonly peerIp?: string } };
export type PublicContext = Context<Env>;

export interface PublicRoutes {
  readonly flows: ReaderSite;
  readonly limits: Limits;
  /** Mails what was asked for, after the answer; awaited before the door closes. */
  mailSignUps(): void;
}

/** One line of the registry. Paths are below the public URL. */
export interface Route {
  readonly name: string;
  add(app: Hono<Env>, door: PublicRoutes): void;
}
