/** What every kind of transport has: the schemes of its URL, and a function that opens a transport from one. */
import type { Files } from '../../domain/ports/host.js';
import type { Transport } from '../../domain/ports/mail.js';
import type { SmtpTimeouts } from './smtp-connect.js';

/** What transports may need to open. */
export interface TransportOptions {
  readonly files: Files;
  /** The folder a relative `file:` path starts from; absolute. */
  readonly root: string;
  /** What EHLO says of us: a full host name. */
  readonly hostName?: string;
  /** Certificates to trust beside the system’s, PEM. */
  readonly ca?: string;
  readonly timeouts?: Partial<SmtpTimeouts>;
}

/** One kind of transport. */
export interface TransportKind {
  readonly schemes: readonly string[];
  /** Throws `env.invalid` for a URL it cannot use; no message shows a password. */
  open(url: string, options: TransportOptions): Transport;
}
