/** Opens SMTP connections. Nodemailer does TCP, TLS, EHLO and AUTH; what it reports becomes an outcome. */
import type { default as SMTPConnection, SMTPError } from 'nodemailer/lib/smtp-connection';
import type { Outcome } from '../../domain/reply.js';
import { classifyReply, type ReplyPhase } from '../classify-reply.js';
import { ownReply, replyFrom } from '../read-reply.js';
import type { SmtpSettings } from './smtp-url.js';

export interface SmtpTimeouts {
  /** Connecting, the greeting and TLS together (RFC 5321 §4.5.3.2.1). */
  readonly connectMs: number;
  /** The longest silence while a message is under way; the final dot needs ten minutes (RFC 5321 §4.5.3.2.6). */
  readonly silenceMs: number;
}

export interface SmtpEnvironment {
  readonly timeouts: SmtpTimeouts;
  /** Certificates trusted beside or instead of the system’s, PEM. */
  readonly ca?: string;
  /** What EHLO says of us when the URL does not. */
  readonly name?: string;
}

export type Connected =
  | { readonly kind: 'connected'; readonly connection: SMTPConnection }
  | { readonly kind: 'failed'; readonly outcome: Outcome };

/** Connects and logs in. Resolves with a failure when the server or the network refuses; an aborted signal ends it at once. */
export async function connectSmtp(
  settings: SmtpSettings,
  environment: SmtpEnvironment,
  signal?: AbortSignal,
): Promise<Connected> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection(connectionOptions(settings, environment));
  const failure = await new Promise<Outcome | undefined>((resolve) => {
    const stop = () => {
      connection.close();
      resolve(brokenBefore('the program was stopped'));
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    const settle = (outcome: Outcome | undefined) => {
      signal?.removeEventListener('abort', stop);
      resolve(outcome);
    };
    connection.on('error', (error: SMTPError) => settle(outcomeOfFailedConnect(error)));
    connection.once('end', () => settle(brokenBefore('the server closed the connection')));
    connection.connect((error) => {
      if (error) settle(outcomeOfFailedConnect(error));
      else logIn(connection, settings, settle);
    });
  });
  if (failure === undefined) return { kind: 'connected', connection };
  connection.close();
  return { kind: 'failed', outcome: failure };
}

/** There was no connection, or it broke before the end of the message: it may be sent again. */
export function brokenBefore(why: string): Outcome {
  return { kind: 'deferred', scope: 'connection', reply: ownReply(`No message was sent: ${why}.`) };
}

/** A setting is wrong, for every message. */
function misconfigured(text: string): Outcome {
  return { kind: 'rejected', scope: 'configuration', bounce: 'none', reply: ownReply(text) };
}

function connectionOptions(settings: SmtpSettings, { timeouts, ca, name }: SmtpEnvironment) {
  return {
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'required',
    ignoreTLS: settings.tls === 'never',
    opportunisticTLS: settings.tls === 'optional',
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.connectMs,
    socketTimeout: timeouts.silenceMs,
    socketCloseTimeout: 2_000,
    allowInternalNetworkInterfaces: settings.loopback,
    name: settings.name ?? name,
    tls: { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
  };
}

function logIn(
  connection: SMTPConnection,
  { login, loopback }: SmtpSettings,
  settle: (outcome: Outcome | undefined) => void,
): void {
  if (login === undefined) settle(undefined);
  else if (!connection.secure && !loopback)
    settle(misconfigured('The server offers no TLS, and a password is never sent unencrypted.'));
  else if (!connection.allowsAuth)
    settle(misconfigured('The server accepts no login on this port: remove user and password from SMTP_URL.'));
  else connection.login({ credentials: login }, (error) => settle(error ? outcomeOfFailedConnect(error) : undefined));
}

function outcomeOfFailedConnect(error: SMTPError): Outcome {
  const phase: ReplyPhase = /^(AUTH|STARTTLS)/.test(error.command ?? '') || error.code === 'EAUTH' ? 'auth' : 'connect';
  if (error.response && error.responseCode) return classifyReply(replyFrom(error.response), phase);
  const name = error.originalCode ?? error.code ?? '';
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER|EPROTO$/.test(name))
    return misconfigured(`The TLS connection to the server failed: ${error.message} (${name}).`);
  return brokenBefore(`${error.message}${name === '' || error.message.includes(name) ? '' : ` (${name})`}`);
}
