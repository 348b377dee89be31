/**
 * A real SMTP server on loopback that goes wrong in every way a server may, by seed. Of each message it keeps the
 * recipient and the Message-ID alone: what it took, in order, is what a ledger is held against.
 */
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { listenOnLoopback } from '../../src/platform/inbox.js';
import { seededRandom } from '../support/seeded-random.js';
import { chooseFault, type MessageFault } from './choose-fault.js';

/**
 * Faults of a connection: `hung-up` before the greeting · `out-of-room` 452 at MAIL · `closed` without a word after some
 * messages · and 421, once asked for: `busy` instead of a greeting, `shutting-down` at MAIL.
 */
export type ConnectionFault = 'hung-up' | 'out-of-room' | 'closed' | 'busy' | 'shutting-down';

export interface FaultyInbox {
  /** `smtp://127.0.0.1:port`, for `SMTP_URL`. */
  readonly url: string;
  /** In the order they were taken. */
  readonly taken: readonly { readonly recipient: string; readonly messageId: string }[];
  /** Recipients whose message was taken and whose sender was not told. */
  readonly withheld: ReadonlySet<string>;
  /** How often each fault has struck. */
  readonly faults: ReadonlyMap<MessageFault | ConnectionFault, number>;
  /** Resolves when so many messages have been taken in all. */
  untilTaken(count: number): Promise<void>;
  /** From this moment the server also says 421, which slows its senders down for a long while. */
  askForLess(): void;
  close(): Promise<void>;
}

const HUNG_UP_CHANCE = 0.01;
const OUT_OF_ROOM_CHANCE = 0.002;
/** Of 421, at the greeting and at MAIL. */
const LESS_CHANCE = 0.1;
/** A connection takes at least so many messages before the server leaves, and less than so many more. */
const MESSAGES_A_CONNECTION = { least: 5, range: 60 };
/** Every reply takes a moment, so that a kill finds messages that were taken and not answered. */
const REPLY_MS = 8;
const SLOW_REPLY_MS = 150;
/** A Message-ID stands among the first lines. */
const HEAD_BYTES = 16_384;

export async function openFaultyInbox(seed: number): Promise<FaultyInbox> {
  const inbox = new Inbox(seed);
  const port = await listenOnLoopback(inbox.server);
  return Object.assign(inbox, { url: `smtp://127.0.0.1:${port}` });
}

/** What is known of one connection. */
interface Visitor {
  readonly socket: Socket;
  messagesLeft: number;
  fault: MessageFault | undefined;
}

type Done = (error?: Error | null) => void;

class Inbox {
  readonly taken: { readonly recipient: string; readonly messageId: string }[] = [];
  readonly withheld = new Set<string>();
  readonly faults = new Map<MessageFault | ConnectionFault, number>();
  readonly server: SMTPServer;
  private readonly random: () => number;
  private readonly visits = new Map<string, number>();
  private readonly visitors = new Map<number, Visitor>();
  private lessChance = 0;
  private waiting: { readonly count: number; resolve(): void }[] = [];

  constructor(private readonly seed: number) {
    this.random = seededRandom(seed);
    this.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      // The faults bring enhanced codes of their own.
      hideENHANCEDSTATUSCODES: true,
      closeTimeout: 100,
      logger: false,
      onConnect: (session, done) => this.open(session, done),
      onMailFrom: (_address, session, done) => this.begin(session, done),
      onRcptTo: ({ address }, session, done) => this.greet(address, this.visitorOf(session), done),
      onData: (stream, session, done) => {
        // A client that dies in the middle of its message has handed nothing over.
        this.receive(stream, session).then(
          (answer) => this.answer(answer, session, done),
          () => undefined,
        );
      },
    });
    this.server.server.on('connection', (socket: Socket) => this.welcome(socket));
  }

  untilTaken(count: number): Promise<void> {
    if (this.taken.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  askForLess(): void {
    this.lessChance = LESS_CHANCE;
  }

  close(): Promise<void> {
    return new Promise((closed) => this.server.close(() => closed()));
  }

  private welcome(socket: Socket): void {
    const { least, range } = MESSAGES_A_CONNECTION;
    const key = socket.remotePort ?? 0;
    const messagesLeft = least + Math.floor(this.random() * range);
    const visitor: Visitor = { socket, messagesLeft, fault: undefined };
    this.visitors.set(key, visitor);
    socket.once('close', () => {
      // The host may have given the port to the next one already.
      if (this.visitors.get(key) === visitor) this.visitors.delete(key);
    });
  }

  private visitorOf(session: SMTPServerSession): Visitor | undefined {
    return this.visitors.get(session.remotePort);
  }

  private open(session: SMTPServerSession, done: Done): void {
    if (this.strikes('hung-up', HUNG_UP_CHANCE)) this.visitorOf(session)?.socket.destroy();
    else done(this.strikes('busy', this.lessChance) ? refusal(421, '4.3.2 Busy') : null);
  }

  private begin(session: SMTPServerSession, done: Done): void {
    // What was sent ahead to a server that has left is not taken.
    if (this.hasLeft(session)) return;
    if (this.strikes('out-of-room', OUT_OF_ROOM_CHANCE)) done(refusal(452, '4.3.1 No room at the moment'));
    else done(this.strikes('shutting-down', this.lessChance) ? refusal(421, '4.3.2 Shutting down') : null);
  }

  private greet(recipient: string, visitor: Visitor | undefined, done: Done): void {
    const visit = (this.visits.get(recipient) ?? 0) + 1;
    this.visits.set(recipient, visit);
    const fault = chooseFault(this.seed, recipient, visit);
    if (fault) this.count(fault);
    if (visitor) visitor.fault = fault;
    if (fault === 'dropped-at-rcpt') visitor?.socket.destroy();
    else if (fault === 'no-such-mailbox') done(refusal(550, '5.1.1 No such mailbox'));
    else if (fault === 'later-at-rcpt') done(refusal(450, '4.2.1 Mailbox busy, come back later'));
    else done();
  }

  /** Resolves when the message is answered for: with an error to reply, or with nothing left to reply to. */
  private async receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
  ): Promise<Error | undefined | 'dropped'> {
    const visitor = this.visitorOf(session);
    const fault = visitor?.fault;
    const recipient = session.envelope.rcptTo[0]?.address ?? '';
    const messageId = await messageIdOf(stream, () => fault === 'dropped-in-data' && visitor?.socket.destroy());
    if (fault === 'dropped-in-data') return 'dropped';
    if (fault === 'later-after-dot') return refusal(451, '4.7.1 Greylisted, come back later');
    this.take(recipient, messageId);
    if (fault === 'reply-withheld') {
      this.withheld.add(recipient);
      visitor?.socket.destroy();
      return 'dropped';
    }
    await pause(fault === 'slow' ? SLOW_REPLY_MS * this.random() : REPLY_MS * this.random());
    return undefined;
  }

  private take(recipient: string, messageId: string): void {
    this.taken.push({ recipient, messageId });
    const isDue = ({ count }: { readonly count: number }) => count <= this.taken.length;
    for (const each of this.waiting.filter(isDue)) each.resolve();
    this.waiting = this.waiting.filter((each) => !isDue(each));
  }

  /** Replies, and leaves in the same breath when the connection has had its share: no message is taken after that. */
  private answer(answer: Error | undefined | 'dropped', session: SMTPServerSession, done: Done): void {
    if (answer === 'dropped') return;
    const visitor = this.visitorOf(session);
    if (visitor && !answer) visitor.messagesLeft -= 1;
    done(answer);
    if (!this.hasLeft(session)) return;
    this.count('closed');
    visitor?.socket.end();
  }

  private hasLeft(session: SMTPServerSession): boolean {
    return (this.visitorOf(session)?.messagesLeft ?? 1) <= 0;
  }

  private strikes(fault: ConnectionFault, chance: number): boolean {
    const isStruck = this.random() < chance;
    if (isStruck) this.count(fault);
    return isStruck;
  }

  private count(fault: MessageFault | ConnectionFault): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }
}

/** Reads a message to its end and gives its Message-ID, empty when it has none. Rejects when the client went away. */
async function messageIdOf(stream: SMTPServerDataStream, atFirst: () => unknown): Promise<string> {
  let head = '';
  for await (const chunk of stream) {
    atFirst();
    if (head.length < HEAD_BYTES) head += (chunk as Buffer).toString('latin1');
  }
  const headers = head.slice(0, head.indexOf('\r\n\r\n'));
  return /^message-id:\s*(<[^>]+>)/im.exec(headers)?.[1] ?? '';
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
