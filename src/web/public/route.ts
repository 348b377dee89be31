/** What the routes of the public pages are made of. */
import type { Context, Hono } from 'hono';
import type { Hooks } from '../../feedback/hooks.js';
import type { ReaderSite } from '../../readers/index.js';
import type { KeptPages } from './kept-pages.js';
import type { Limits } from './limits.js';
import type { ReadClientIp } from './peer.js';

/** Who sent a request, as far as this host can tell. */
export interface Peer {
  readonly ip: string;
  readonly userAgent: string;
}

export interface Bindings {
  readonly peerIp?: string;
}

export type Env = { Bindings: Bindings };
export type PublicContext = Context<Env>;

/** What every route may use. */
export interface RouteDeps {
  /** The site as its settings are now: asked for at each use, never kept. */
  readonly readers: ReaderSite;
  /** The webhooks of providers; absent where none is set. */
  readonly hooks?: Hooks;
  readonly limits: Limits;
  readonly keptPages: KeptPages;
  readonly readClientIp: ReadClientIp;
  /** Mails what was asked for, after the answer; awaited before the server closes. */
  mailSignUps(): void;
}

/** An entry of the registry. Paths are below the public URL. */
export interface Route {
  readonly name: string;
  add(app: Hono<Env>, deps: RouteDeps): void;
}
