/**
 * Sends one message at a time by SMTP. Connects when needed, also after the server has closed the connection. Tells
 * failures before the final dot, which are safe to repeat, from those after it (rule: states).
 */
import type { default as SMTPConnection, SMTPError } from 'nodemailer/lib/smtp-connection';
import { addressFrom } from '../../domain/address.js';
import type { MailConnection, Message } from '../../domain/ports/mail.js';
import type { Outcome } from '../../domain/reply.js';
import { classifyReply, type ReplyPhase } from '../classify-reply.js';
import type { MessageLimit } from '../message-limit.js';
import { ownReply, replyFrom } from '../read-reply.js';
import { brokenBefore, type Connected } from './smtp-connect.js';
import type { SmtpSettings } from './smtp-url.js';
import { asReadable, offers, type Progress, wireMessage } from './wire.js';

const QUIT_MS = 2_000;

/** One attempt on a connection. */
interface Attempt {
  readonly outcome: Outcome;
  /** False when the server cannot have received any of the message. */
  readonly started: boolean;
}

export class SmtpSession implements MailConnection {
  readonly #settings: SmtpSettings;
  readonly #connect: (signal?: AbortSignal) => Promise<Connected>;
  #connection: SMTPConnection | undefined;
  readonly #messageLimit: MessageLimit;
  /** On the present connection: messages sent, and those of them that were accepted. */
  #messages = 0;
  #accepted = 0;
  #needsReset = false;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(
    settings: SmtpSettings,
    connect: (signal?: AbortSignal) => Promise<Connected>,
    messageLimit: MessageLimit,
  ) {
    this.#messageLimit = messageLimit;
    this.#settings = settings;
    this.#connect = connect;
  }

  send(message: Message, signal?: AbortSignal): Promise<Outcome> {
    const sending = this.#send(message, signal);
    this.#sending = sending;
    return sending;
  }

  /** Sends QUIT after the message that is being sent; abort its signal to end at once. */
  async close(): Promise<void> {
    await this.#sending.catch(() => undefined);
    await this.#quit();
  }

  async #send(message: Message, signal?: AbortSignal): Promise<Outcome> {
    const read = addressFrom(message.envelope.to);
    if (read === undefined) return refused('recipient', 'hard', 'This is not an address that mail can be sent to.');
    await this.#freshen();
    const [reused, accepted] = [this.#connection !== undefined, this.#accepted];
    let { outcome, started } = await this.#tryOnce(message, read.needsSmtpUtf8, signal);
    // Servers close a connection after some number of messages, often without a reply: that does not count as a try.
    if (reused && !signal?.aborted && (isClosedBefore({ outcome, started }) || wantsNewConnection(outcome))) {
      this.#messageLimit.ended(accepted);
      ({ outcome, started } = await this.#tryOnce(message, read.needsSmtpUtf8, signal));
    }
    // A new connection has just been tried, so the limit is not about the connection.
    if (wantsNewConnection(outcome) && this.#accepted === 0) return { ...outcome, meaning: 'slow-down' } as Outcome;
    return outcome;
  }

  /** Closes a connection on which the server takes no more messages. */
  async #tryOnce(message: Message, needsSmtpUtf8: boolean, signal?: AbortSignal): Promise<Attempt> {
    const attempt = await this.#attempt(message, needsSmtpUtf8, signal);
    if (wantsNewConnection(attempt.outcome)) await this.#quit();
    return attempt;
  }

  async #quit(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined || connection.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, QUIT_MS);
      connection.once('end', () => {
        clearTimeout(timer);
        resolve();
      });
      connection.quit();
    });
    connection.close();
  }

  /** Closes a connection that has sent `maxMessages`, or whose last transaction cannot be reset. */
  async #freshen(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    const { maxMessages } = this.#settings;
    if (connection.destroyed) this.#connection = undefined;
    else if (maxMessages > 0 && this.#messages >= maxMessages) await this.#quit();
    else if (!this.#messageLimit.mayGoOn(this.#accepted)) await this.#quit();
    else if (this.#needsReset && !(await resetOf(connection))) this.#drop();
    this.#needsReset = false;
  }

  async #attempt(message: Message, needsSmtpUtf8: boolean, signal?: AbortSignal): Promise<Attempt> {
    if (signal?.aborted) return { outcome: brokenBefore('the program was stopped'), started: false };
    if (this.#connection === undefined || this.#connection.destroyed) {
      this.#connection = undefined;
      const connected = await this.#connect(signal);
      if (connected.kind === 'failed') return { outcome: connected.outcome, started: false };
      this.#connection = connected.connection;
      this.#messages = 0;
      this.#accepted = 0;
      this.#messageLimit.opened();
    }
    if (needsSmtpUtf8 && !offers(this.#connection, 'SMTPUTF8')) return { outcome: NO_SMTPUTF8, started: false };
    this.#messages += 1;
    const attempt = await this.#exchange(this.#connection, message, signal);
    if (attempt.outcome.kind === 'accepted') this.#accepted += 1;
    return attempt;
  }

  #exchange(connection: SMTPConnection, message: Message, signal?: AbortSignal): Promise<Attempt> {
    const wire = wireMessage(connection, message.content);
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        signal?.removeEventListener('abort', stop);
        resolve({ outcome, started: wire.started });
      };
      const stop = () => {
        this.#drop();
        // Conservative: the kernel may have taken the last bytes a moment ago.
        settle(wire.started ? unknownOutcome('the program was stopped') : brokenBefore('the program was stopped'));
      };
      signal?.addEventListener('abort', stop, { once: true });
      connection.send(envelopeOf(message), asReadable(wire), (error, info) => {
        if (error) {
          this.#afterRefusal(error);
          settle(outcomeOf(error, wire));
        } else settle(classifyReply(replyFrom(info.response), 'dot'));
      });
    });
  }

  /** A refusal with a reply leaves the connection usable, after RSET; anything else does not. */
  #afterRefusal(error: SMTPError): void {
    if (error.responseCode === undefined && error.code !== 'EMESSAGE') this.#drop();
    else this.#needsReset = error.responseCode !== undefined;
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

const NO_SMTPUTF8 = refused(
  'recipient',
  'none',
  'The mail server does not support SMTPUTF8 (RFC 6531), which an address with non-ASCII letters needs.',
);

function refused(scope: 'recipient' | 'message' | 'configuration', bounce: 'hard' | 'none', text: string): Outcome {
  return { kind: 'rejected', scope, bounce, reply: ownReply(text) };
}

function unknownOutcome(why: string): Outcome {
  return { kind: 'unknown', reply: ownReply(`The whole message was sent and no reply came: ${why}.`) };
}

function isClosedBefore({ outcome, started }: Attempt): boolean {
  if (started || outcome.kind !== 'deferred') return false;
  const { scope, reply } = outcome;
  if (reply.code === undefined) return scope === 'connection';
  // Whatever else it names, a server that has accepted mails on this connection ends only the connection.
  return reply.code === 421 && (scope === 'connection' || scope === 'sender');
}

function wantsNewConnection(outcome: Outcome): boolean {
  return 'meaning' in outcome && outcome.meaning === 'new-connection';
}

function envelopeOf(message: Message) {
  const { from, to } = message.envelope;
  return {
    from,
    to: [to],
    size: message.content.reduce((sum, part) => sum + part.length, 0),
    dsn: { ret: 'HDRS', envid: message.messageId.replace(/[<>]/g, ''), notify: ['FAILURE', 'DELAY'] },
  };
}

function outcomeOf(error: SMTPError, progress: Progress): Outcome {
  if (error.response && error.responseCode) return classifyReply(replyFrom(error.response), phaseOf(error, progress));
  if (error.code === 'EMESSAGE' && error.command === 'MAIL FROM')
    return refused('message', 'none', `The message is larger than the server accepts: ${error.message}.`);
  if (error.code === 'EENVELOPE') return refused('configuration', 'none', `The envelope is wrong: ${error.message}.`);
  return progress.left ? unknownOutcome(error.message) : brokenBefore(error.message);
}

function phaseOf(error: SMTPError, progress: Progress): ReplyPhase {
  if (error.command === 'MAIL FROM') return 'mail';
  if (error.command === 'RCPT TO') return 'rcpt';
  if (progress.started) return 'dot';
  return error.command === 'DATA' ? 'data' : 'connect';
}

function resetOf(connection: SMTPConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const ended = () => resolve(false);
    connection.once('end', ended);
    connection.reset((error) => {
      connection.removeListener('end', ended);
      resolve(!error);
    });
  });
}
