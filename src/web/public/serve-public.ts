/** The public pages on a port. Once a minute it mails what sign-ups wait for; running requests end before it closes. */
import { openHttp } from '../http-server.js';
import { openPublicApp, type PublicAppOptions } from './public-app.js';

export interface ServeOptions extends PublicAppOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Aborted: accepts no new request, lets running ones end, and returns. */
  readonly signal: AbortSignal;
  onListening?(url: string): void;
}

const MAIL_SIGN_UPS_EVERY_MS = 60_000;
/** A request that takes longer is cut off, so that no client can delay a restart. */
const DRAIN_MS = 10_000;

/** Serves until the signal is aborted. Throws `usage` when the port is taken. */
export async function servePublic({ port, host, signal, onListening, ...options }: ServeOptions): Promise<void> {
  const app = openPublicApp({ ...options, signal });
  const { log, clock } = options.readers();
  await app.warmUp();
  const server = await openHttp({
    fetch: app.fetch,
    answerAtOnce: app.answerAtOnce,
    port,
    host,
    option: '--port',
  });
  log.info('web.opened', { url: server.url });
  onListening?.(server.url);
  while (!signal.aborted) {
    await app.mailSignUps(signal);
    await clock.sleep(MAIL_SIGN_UPS_EVERY_MS, signal);
  }
  await server.close(DRAIN_MS);
  await app.settled();
  log.info('web.closed');
}
