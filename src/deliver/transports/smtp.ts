/** Sends mail by an SMTP server: `smtp://` (STARTTLS) and `smtps://` (TLS from the start). */
import type { Transport } from '../../domain/ports/mail.js';
import type { TransportKind, TransportOptions } from './kind.js';
import { connectSmtp } from './smtp-connect.js';
import { SmtpSession } from './smtp-session.js';
import { smtpSettingsFrom } from './smtp-url.js';
import { offers } from './wire.js';

const MINUTE_MS = 60_000;

export const smtp: TransportKind = { schemes: ['smtp', 'smtps'], open: openSmtp };

/** The extensions of a server that Gazette uses. */
const EXTENSIONS = ['8BITMIME', 'PIPELINING', 'SMTPUTF8', 'SIZE', 'ENHANCEDSTATUSCODES'];

function openSmtp(url: string, options: TransportOptions): Transport {
  const settings = smtpSettingsFrom(url);
  const environment = {
    timeouts: { connectMs: 5 * MINUTE_MS, silenceMs: 10 * MINUTE_MS, ...options.timeouts },
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.hostName === undefined ? {} : { name: options.hostName }),
  };
  const sessions = new Set<SmtpSession>();
  return {
    connections: settings.connections,
    local: settings.loopback,
    description: settings.description,
    open() {
      const session = new SmtpSession(settings, environment);
      sessions.add(session);
      const close = () => {
        sessions.delete(session);
        return session.close();
      };
      return { send: (message, signal) => session.send(message, signal), close };
    },
    async probe(signal) {
      const connected = await connectSmtp(settings, environment, signal);
      if (connected.kind === 'failed') return { kind: 'failed', text: connected.outcome.reply.text };
      const { connection } = connected;
      const named = EXTENSIONS.filter((extension) => offers(connection, extension));
      connection.quit();
      return { kind: 'ready', offers: named };
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
    },
  };
}
