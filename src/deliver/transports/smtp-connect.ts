/** Opens SMTP connections. Nodemailer does TCP, TLS, EHLO and AUTH; what it reports becomes an outcome. */
import type { default as SMTPConnection, SMTPError } from 'nodemailer/lib/smtp-connection';
import type { Outcome } from '../../domain/reply.js';
import { classifyReply, type ReplyPhase } from '../classify-reply.js';
import { ownReply, replyFrom } from '../read-reply.js';
import { failedConnection, misconfigured } from './smtp-advice.js';
import { loginPlan } from './smtp-login.js';
import type { SmtpSettings } from './smtp-url.js';
import { ehloLines } from './wire.js';

export interface SmtpTimeouts {
  /** Connecting, the greeting and TLS together (RFC 5321 §4.5.3.2.1). */
  readonly connectMs: number;
  /** The longest silence while a message is under way; the final dot needs ten minutes (RFC 5321 §4.5.3.2.6). */
  readonly silenceMs: number;
}

export interface SmtpEnvironment {
  readonly timeouts: SmtpTimeouts;
  /** Certificates trusted beside the system’s, PEM; read when a connection is opened. */
  readonly ca?: () => Promise<string>;
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
  const options = await connectionOptions(settings, environment);
  if ('failed' in options) return { kind: 'failed', outcome: options.failed };
  const connection = new Connection(options);
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
    connection.on('error', (error: SMTPError) => settle(outcomeOfFailedConnect(error, settings)));
    connection.once('end', () => settle(brokenBefore('the server closed the connection')));
    connection.connect((error) => {
      if (error) settle(outcomeOfFailedConnect(error, settings));
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

async function connectionOptions(settings: SmtpSettings, { timeouts, ca, name }: SmtpEnvironment) {
  const trusted = ca && (await ca().catch((error: Error) => error));
  if (trusted instanceof Error) return { failed: misconfigured(trusted.message) };
  const { rootCertificates } = await import('node:tls');
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
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(trusted === undefined ? {} : { ca: [...rootCertificates, trusted] }),
    },
  };
}

function logIn(
  connection: SMTPConnection,
  settings: SmtpSettings,
  settle: (outcome: Outcome | undefined) => void,
): void {
  const { login } = settings;
  const plan = login && loginPlan(settings, connection.secure === true, ehloLines(connection));
  if (!login || plan === undefined) settle(undefined);
  else if (plan.kind === 'impossible') settle(misconfigured(plan.text, plan.advice));
  // Left to itself the connection takes PLAIN for a server that offers no method it knows.
  else
    connection.login({ credentials: login, method: plan.method }, (error) =>
      settle(error ? outcomeOfFailedConnect(error) : undefined),
    );
}

function outcomeOfFailedConnect(error: SMTPError, settings?: SmtpSettings): Outcome {
  const command = error.command ?? '';
  const phase: ReplyPhase = /^(AUTH|STARTTLS)/.test(command) || error.code === 'EAUTH' ? 'auth' : 'connect';
  const { response, responseCode } = error;
  if (response && responseCode && command !== 'STARTTLS') return classifyReply(replyFrom(response), phase);
  return failedConnection(error, settings);
}
