/**
 * Receives mails that come back, by LMTP or SMTP on a port of its own. Nothing is answered with yes before it is committed, so a
 * mail server keeps what could not be taken.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { GazetteError } from '../domain/errors.js';
import type { ReturnedMails } from '../domain/ports/feedback.js';
import type { Clock, Log } from '../domain/ports/host.js';

export interface ReceiverOptions {
  readonly protocol: 'lmtp' | 'smtp';
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly mails: ReturnedMails;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly limits?: Partial<ReceiverLimits>;
}

export interface ReceiverLimits {
  /** Of one mail. A returned mail may hold all of what was sent, and more of others. */
  readonly mostBytes: number;
  readonly mostClients: number;
  readonly mostRecipients: number;
  /** From one address, in a minute. */
  readonly mailsPerMinute: number;
}

export interface MailReceiver {
  readonly port: number;
  /** Takes no new connection, and lets what is being received end. */
  close(): Promise<void>;
}

const LIMITS: ReceiverLimits = {
  mostBytes: 5 * 1024 * 1024,
  mostClients: 50,
  mostRecipients: 50,
  mailsPerMinute: 3_000,
};
/** A client that asks for so many addresses that are not ours is guessing. */
const MOST_REFUSED = 20;
const IDLE_MS = 60_000;
const DRAIN_MS = 10_000;

/** Throws `env.invalid` when the port cannot be opened. */
export async function openMailReceiver(options: ReceiverOptions): Promise<MailReceiver> {
  const { protocol, host, port, mails, clock, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  const mayDeliver = perMinute(limits.mailsPerMinute, clock);
  const refused = new Map<string, number>();
  const server = new SMTPServer({
    lmtp: protocol === 'lmtp',
    size: limits.mostBytes,
    rejectOversized: true,
    maxClients: limits.mostClients,
    maxRecipients: limits.mostRecipients,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    socketTimeout: IDLE_MS,
    closeTimeout: DRAIN_MS,
    logger: false,
    banner: 'Gazette',
    onClose: (session) => void refused.delete(session.id),
    onMailFrom: ({ address: _ }, session, done) =>
      done(mayDeliver(session.remoteAddress) ? null : reply(451, '4.7.1 Too many mails; try again later')),
    onRcptTo({ address }, session, done) {
      if (mails.accepts(address)) return done();
      const count = (refused.get(session.id) ?? 0) + 1;
      refused.set(session.id, count);
      done(
        count > MOST_REFUSED ? reply(421, '4.7.0 Too many wrong addresses') : reply(550, '5.1.1 No such address here'),
      );
    },
    onData(stream, session, done) {
      receive(stream, session, options).then(
        (replies) => done(protocol === 'smtp' ? replies.find(isRefusal) : null, replies),
        (error: Error) => done(error),
      );
    },
  });
  await listening(server, port, host);
  // A client that hangs up in the middle sends the mail again.
  server.on('error', () => undefined);
  const opened = (server.server.address() as AddressInfo).port;
  log.info('feedback.receiver-opened', { protocol, host, port: opened });
  return { port: opened, close: () => new Promise((closed) => server.close(closed)) };
}

/** By LMTP every recipient has an answer of its own (RFC 2033 §4.2); by SMTP one failure fails all, and what was taken counts once. */
async function receive(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  { mails, log }: ReceiverOptions,
): Promise<(string | Error)[]> {
  // The session belongs to the connection and is used again for its next mail.
  const recipients = envelope.rcptTo.map(({ address }) => address);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  // The server itself answers that it is too long.
  if (stream.sizeExceeded) return [];
  const raw = Buffer.concat(chunks);
  const replies: (string | Error)[] = [];
  for (const recipient of recipients) {
    try {
      await mails.take({ raw, recipients: [recipient] });
      replies.push('2.1.5 Taken');
    } catch (error) {
      log.error('feedback.mail-not-taken', { error });
      replies.push(reply(451, '4.3.0 Not taken; try again later'));
    }
  }
  return replies;
}

function isRefusal(answer: string | Error): answer is Error {
  return answer instanceof Error;
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** Counts within the minutes of the clock; a flood of addresses makes the counts start again. */
function perMinute(most: number, clock: Pick<Clock, 'now'>): (client: string) => boolean {
  const counts = new Map<string, number>();
  let minute = 0;
  return (client) => {
    const current = Math.floor(clock.now().getTime() / 60_000);
    if (current !== minute || counts.size > 10_000) counts.clear();
    minute = current;
    const count = (counts.get(client) ?? 0) + 1;
    counts.set(client, count);
    return count <= most;
  };
}

function listening(server: SMTPServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: Error) =>
      reject(
        new GazetteError('env.invalid', `Mails cannot be received at ${host}:${port}: ${cause.message}`, {
          hint: 'Name another address or port in GAZETTE_BOUNCE_LISTEN.',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}
