/** What every way of leaving has in common: a list of schemes, and a function that opens a transport from a URL. */
import type { Files } from '../../domain/ports/host.js';
import type { Transport } from '../../domain/ports/mail.js';
import type { SmtpTimeouts } from './smtp-connect.js';

/** What transports may need of the house. */
export interface TransportOptions {
  readonly files: Files;
  /** Where a relative `file:` folder lies: absolute. */
  readonly root: string;
  /** What EHLO says of us: a full host name. */
  readonly hostName?: string;
  /** Certificates to trust instead of the system’s, PEM. */
  readonly ca?: string;
  readonly timeouts?: Partial<SmtpTimeouts>;
}

/** One way messages leave, by the schemes of its URL. */
export interface TransportKind {
  readonly schemes: readonly string[];
  /** Throws `env.invalid` for a URL it cannot use; no message shows a password. */
  open(url: string, options: TransportOptions): Transport;
}
