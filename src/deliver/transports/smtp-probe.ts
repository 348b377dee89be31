/** Tries a mail server as far as is possible without sending a mail. */
import type { Probe, ProbeRequest } from '../../domain/ports/mail.js';
import { connectSmtp, type SmtpEnvironment } from './smtp-connect.js';
import type { SmtpSettings } from './smtp-url.js';
import { command, offers } from './wire.js';

/** The extensions of a server that Gazette uses. */
const EXTENSIONS = ['8BITMIME', 'PIPELINING', 'SMTPUTF8', 'SIZE', 'ENHANCEDSTATUSCODES'];

/**
 * Connects and logs in. With a request it also names the sender of a mail, and the recipient if wanted, and takes them back with
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
    const isTemporary = outcome.kind === 'deferred' && outcome.reply.code !== undefined;
    return { kind: 'failed', text: outcome.reply.text, ...(advice !== undefined && { advice }), isTemporary };
  }
  const { connection } = connected;
  const did = ['connected', ...(connection.secure ? ['TLS'] : []), ...(settings.login ? ['logged in'] : [])];
  try {
    if (request) {
      const refused = await tryEnvelope(connection, request);
      if (refused) return refused;
      const what = request.upTo === 'sender' ? 'from' : 'from and to';
      did.push(`mail ${what} ${request.address} accepted, then taken back`);
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
  { address, size, upTo }: ProbeRequest,
): Promise<Probe | undefined> {
  const sized = size !== undefined && offers(connection, 'SIZE') ? ` SIZE=${size}` : '';
  const steps = [`MAIL FROM:<${address}>${sized}`, ...(upTo === 'recipient' ? [`RCPT TO:<${address}>`] : [])];
  for (const step of steps) {
    const reply = await command(connection, step);
    if (reply.startsWith('2')) continue;
    await command(connection, 'RSET');
    const text = `The server answered “${reply.trim()}” to ${step}.`;
    return { kind: 'failed', text, isTemporary: reply.startsWith('4') };
  }
  await command(connection, 'RSET');
  return undefined;
}
