/** Building messages, sending them, and notifying the editor. */
import type { BegunDelivery } from '../delivery.js';
import type { Mailbox } from '../newsletter.js';
import type { NoticeMail } from '../page.js';
import type { Outcome } from '../reply.js';
import type { FrozenEdition } from './ledger.js';

/** A way to send messages. */
export interface Transport {
  /** How many connections it may hold open at once. */
  readonly connections: number;
  /** Loopback and file transports may send without a public identity (rule: ready-to-send). */
  readonly local: boolean;
  /** One line for people, without secrets: `smtp://mail.example.org:587`. */
  readonly description: string;
  /** The folder it writes mails to; absent where they leave this host. */
  readonly folder?: string;
  /** How many messages the server takes on a connection, as far as was learned; absent where there is no server. */
  readonly messageLimit?: { read(): number | undefined; assume(learned: number): void };
  /** Opens one connection, which sends one message at a time. */
  open(): MailConnection;
  /** Goes as far as it can without sending a mail; absent where there is no server. */
  probe?(request?: ProbeRequest, signal?: AbortSignal): Promise<Probe>;
  close(): Promise<void>;
}

/** What a probe asks the server for, and takes back. */
export interface ProbeRequest {
  /** Sender of the mail that is not sent; with `upTo: 'recipient'` its recipient as well. */
  readonly address: string;
  readonly upTo: 'sender' | 'recipient';
  /** Its size in bytes. */
  readonly size?: number;
}

export type Probe =
  /** `did`: what was tried, for people. */
  | { readonly kind: 'ready'; readonly offers: readonly string[]; readonly did: readonly string[] }
  /** `isTemporary`: the server asks to try again later. */
  | { readonly kind: 'failed'; readonly text: string; readonly advice?: string; readonly isTemporary?: boolean };

/** Sends one message at a time: connects when needed, also after the server has closed the connection. */
export interface MailConnection {
  /** Resolves with the outcome of this message, also when the server or the network fails. */
  send(message: Message, signal?: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}

/** How fast a transport may send; shared by every process that uses it. */
export interface RateLimit {
  /** Takes a turn to send one message: 0, or how many milliseconds to wait before trying again. */
  take(now: Date): Promise<number>;
  /** A message was accepted: a rate that was lowered rises with each. */
  accepted(now: Date): void;
  /** A reply to a message that was begun at `begunAt` said that messages come too fast: lowers the rate of every process. */
  slow(now: Date, begunAt: Date): Promise<void>;
  /** How many messages a second the server was found to allow; `undefined` where it never asked for less. */
  learned(): Promise<number | undefined>;
}

/** One complete mail. */
export interface Message {
  readonly envelope: { readonly from: string; readonly to: string };
  /** The RFC 5322 message in parts to be sent one after another: CRLF line ends, ends with CRLF, not dot-stuffed. */
  readonly content: readonly Uint8Array[];
  readonly messageId: string;
}

/** Builds a mail to one person that belongs to no issue. */
export interface NoticeBuilder {
  /** @param id names the mail: equal ids make equal Message-IDs */
  build(mail: NoticeMail, from: Mailbox, to: string, id: string, at: Date): Promise<Message>;
}

/** Builds each reader's message of one issue. */
export interface MailBuilder {
  /** At once, or later where it is signed: signatures are made beside the event loop. */
  build(edition: FrozenEdition, delivery: BegunDelivery, at: Date): Message | Promise<Message>;
}

/** Something the editor should know. */
export interface Note {
  /** Names what happened: each id is reported once. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

/** A way to the editor. Rejects when the note did not arrive. */
export interface Notifier {
  tell(note: Note): Promise<void>;
}
