/** Sends mail by an SMTP server: `smtp://` (STARTTLS) and `smtps://` (TLS from the start). */
import { resolve } from 'node:path';
import type { Transport } from '../../domain/ports/mail.js';
import { openMessageLimit } from '../message-limit.js';
import type { TransportKind, TransportOptions } from './kind.js';
import { openLoginGate } from './login-gate.js';
import { connectSmtp, type SmtpEnvironment } from './smtp-connect.js';
import { probeSmtp } from './smtp-probe.js';
import { SmtpSession } from './smtp-session.js';
import { type SmtpSettings, smtpSettingsFrom } from './smtp-url.js';

const MINUTE_MS = 60_000;

export const smtp: TransportKind = { schemes: ['smtp', 'smtps'], open: openSmtp };

/** A person waits for a probe. */
const PROBE_TIMEOUTS = { connectMs: 15_000, silenceMs: 30_000 };

function openSmtp(url: string, options: TransportOptions): Transport {
  const settings = smtpSettingsFrom(url);
  const ca = certificatesFrom(settings, options);
  const environment: SmtpEnvironment = {
    timeouts: { connectMs: 5 * MINUTE_MS, silenceMs: 10 * MINUTE_MS, ...options.timeouts },
    ...(ca && { ca }),
    ...(options.hostName === undefined ? {} : { name: options.hostName }),
  };
  const gate = openLoginGate();
  const connect = (signal?: AbortSignal) => gate(() => connectSmtp(settings, environment, signal));
  const messageLimit = openMessageLimit();
  const sessions = new Set<SmtpSession>();
  return {
    connections: settings.connections,
    local: settings.loopback,
    description: settings.description,
    messageLimit,
    open() {
      const session = new SmtpSession(settings, connect, messageLimit);
      sessions.add(session);
      const close = () => {
        sessions.delete(session);
        return session.close();
      };
      return { send: (message, signal) => session.send(message, signal), close };
    },
    probe: (request, signal) =>
      probeSmtp(settings, { ...environment, timeouts: { ...PROBE_TIMEOUTS, ...options.timeouts } }, request, signal),
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
    },
  };
}

/** Reads the file that `ca=` names at each connection, so that a renewed certificate needs no restart. */
function certificatesFrom({ caFile }: SmtpSettings, { ca, files, root }: TransportOptions): SmtpEnvironment['ca'] {
  if (caFile === undefined) return ca === undefined ? undefined : async () => ca;
  const path = resolve(root, caFile);
  return async () => {
    const bytes = await files.read(path);
    if (bytes === undefined) throw new Error(`The file ${path} that ca= in SMTP_URL names does not exist.`);
    const text = new TextDecoder().decode(bytes);
    if (!text.includes('-----BEGIN CERTIFICATE-----'))
      throw new Error(`The file ${path} that ca= in SMTP_URL names contains no certificate in PEM.`);
    return text;
  };
}
