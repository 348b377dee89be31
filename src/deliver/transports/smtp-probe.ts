/** Tries a mail server as far as is possible without sending a mail. */
import type { Probe, ProbeRequest } from '../../domain/ports/mail.js';
import { connectSmtp, type SmtpEnvironment } from './smtp-connect.js';
import type { SmtpSettings } from './smtp-url.js';
import { command, offers } from './wire.js';

/** The extensions of a server that Gazette uses. */
const EXTENSIONS = ['8BITMIME', 'PIPELINING', 'SMTPUTF8', 'SIZE', 'ENHANCEDSTATUSCODES'];

/**
 * Connects and logs in. With a request it also names the sender and the recipient of a mail, and takes both back with
 * RSET (RFC 5321 §4.1.1.5).
 */
export async function probeSmtp(
  settings: SmtpSettings,
  environment: SmtpEnvironment,
  request?: ProbeRequest,
  signal?: AbortSignal,
): Promise<Probe> {
  const connected = await connectSmtp(settings, environment, signal);
  if (connected.kind === 'failed') {
    const { outcome } = connected;
    const advice = 'advice' in outcome ? outcome.advice : undefined;
    return { kind: 'failed', text: outcome.reply.text, ...(advice !== undefined && { advice }) };
  }
  const { connection } = connected;
  const did = ['connected', ...(connection.secure ? ['TLS'] : []), ...(settings.login ? ['logged in'] : [])];
  try {
    if (request) {
      const refused = await tryEnvelope(connection, request);
      if (refused) return refused;
      did.push(`mail from and to ${request.address} accepted, then taken back`);
    }
    const named = EXTENSIONS.filter((extension) => offers(connection, extension));
    return { kind: 'ready', offers: named, did };
  } catch (error) {
    return { kind: 'failed', text: error instanceof Error ? error.message : String(error) };
  } finally {
    connection.quit();
  }
}

async function tryEnvelope(
  connection: Parameters<typeof command>[0],
  { address, size }: ProbeRequest,
): Promise<Probe | undefined> {
  const sized = size !== undefined && offers(connection, 'SIZE') ? ` SIZE=${size}` : '';
  const steps = [`MAIL FROM:<${address}>${sized}`, `RCPT TO:<${address}>`];
  for (const step of steps) {
    const reply = await command(connection, step);
    if (reply.startsWith('2')) continue;
    await command(connection, 'RSET');
    return { kind: 'failed', text: `The server answered “${reply.trim()}” to ${step}.` };
  }
  await command(connection, 'RSET');
  return undefined;
}
