/**
 * The one place that uses Nodemailer’s internals: message bytes that need no dot-stuffing are written to the socket
 * directly instead of through its byte-wise stream, and it is known whether the final dot may have been sent.
 * test/deliver/wire.test.ts compares the bytes with those of Nodemailer’s stream, which remains the fallback.
 */
import type { Readable, Transform } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const NOTHING = Buffer.alloc(0);
/** A write that the kernel took at once is reported in the next turn at the latest; one more than twice that is safe. */
const TURNS_TO_REPORT = 3;

/** How far a message got. */
export interface Progress {
  /** True from when the first byte after DATA was handed to the socket. */
  readonly started: boolean;
  /** True while all of it, with the final dot, may have left this host: then no reply means an unknown outcome (rule: states). */
  readonly left: boolean;
}

/** What Nodemailer asks of a message that is a stream: only that it can be piped. */
export interface WireMessage extends Progress {
  /** `straight` past Nodemailer’s stream, or `stuffed` by it. */
  readonly way: 'straight' | 'stuffed';
  pipe(stream: Transform): void;
}

/** A message for Nodemailer’s connection: straight to the socket where its bytes and this Nodemailer allow. */
export function wireMessage(connection: SMTPConnection, content: readonly Uint8Array[]): WireMessage {
  const socket = connection._socket;
  return socket && isWireReady(content) ? new ReadyMessage(connection, content) : new StuffedMessage(content);
}

/** A WireMessage in the type that `send` is declared with. */
export function asReadable(message: WireMessage): Readable {
  return message as unknown as Readable;
}

/** Whether the server named an extension in its EHLO reply. */
export function offers(connection: SMTPConnection, extension: string): boolean {
  const { _supportedExtensions: named } = connection as { readonly _supportedExtensions?: readonly string[] };
  return named?.includes(extension) ?? false;
}

/** Sends one command and resolves with the whole reply, code and all. @param command without CRLF */
export function command(connection: SMTPConnection, command: string): Promise<string> {
  const { _responseActions: actions } = connection as unknown as {
    readonly _responseActions: ((reply: string) => void)[];
  };
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('the server closed the connection')));
    actions.push(resolve);
    (connection as unknown as { _sendCommand(command: string): void })._sendCommand(command);
  });
}

/** The lines of the server’s EHLO reply without their codes: `SIZE 10240000`, `AUTH PLAIN LOGIN`. */
export function ehloLines(connection: SMTPConnection): readonly string[] {
  return (connection as unknown as { readonly _ehloLines?: readonly string[] })._ehloLines ?? [];
}

/** Nodemailer’s stream: stuffs dots and corrects line ends, byte by byte. */
export class StuffedMessage implements WireMessage {
  readonly way = 'stuffed';
  started = false;
  left = false;
  readonly #content: readonly Uint8Array[];

  constructor(content: readonly Uint8Array[]) {
    this.#content = content;
  }

  pipe(stream: Transform): void {
    this.started = true;
    stream.once('end', () => {
      this.left = true;
    });
    for (const part of this.#content) stream.write(part);
    stream.end();
  }
}

/** Bytes that are ready for the wire go straight to the socket; the stream adds only the final dot. */
class ReadyMessage implements WireMessage {
  way: 'straight' | 'stuffed' = 'straight';
  started = false;
  left = false;
  readonly #connection: SMTPConnection;
  readonly #content: readonly Uint8Array[];

  constructor(connection: SMTPConnection, content: readonly Uint8Array[]) {
    this.#connection = connection;
    this.#content = content;
  }

  pipe(stream: Transform & { lastByte?: number | false }): void {
    this.started = true;
    const socket = this.#connection._socket;
    if (!socket || stream.lastByte !== false) {
      this.way = 'stuffed';
      const slow = new StuffedMessage(this.#content);
      stream.once('end', () => {
        this.left = true;
      });
      slow.pipe(stream);
      return;
    }
    let isTaken = false;
    // All of it may have left as soon as it is written. That it waits on this side is believed only when turns of the
    // event loop have passed: through TLS a write that is over may be reported after the end of the connection.
    this.left = true;
    socket.cork();
    for (const part of this.#content) socket.write(part);
    socket.write(NOTHING, (error) => {
      isTaken = !error;
      if (isTaken) this.left = true;
    });
    // What the stream believes it wrote last: it then ends the message with a dot on a line of its own.
    stream.lastByte = LF;
    stream.once('end', () => {
      socket.uncork();
      afterTurns(TURNS_TO_REPORT, () => {
        this.left = isTaken;
      });
    });
    stream.end();
  }
}

function afterTurns(turns: number, then: () => void): void {
  if (turns === 0) then();
  else setImmediate(afterTurns, turns - 1, then);
}

/** Parts once looked through: the long ones of an edition are shared by all its readers. */
const clean = new WeakSet<Uint8Array>();
/** Shorter parts are looked through again: most are one reader's own, and remembering those costs more. */
const WORTH_REMEMBERING = 4_096;

/** Whether content may go on the wire as it is: CRLF line ends only, the last line ended, no line beginning with a dot. */
export function isWireReady(content: readonly Uint8Array[]): boolean {
  let last = LF;
  let beforeLast = CR;
  for (const part of content) {
    if (part.length === 0) continue;
    const first = part[0];
    if ((last === LF && first === DOT) || (last === CR) !== (first === LF)) return false;
    if (!clean.has(part)) {
      if (!isCleanInside(part)) return false;
      if (part.length >= WORTH_REMEMBERING) clean.add(part);
    }
    beforeLast = part.length > 1 ? (part.at(-2) ?? 0) : last;
    last = part.at(-1) ?? 0;
  }
  return last === LF && beforeLast === CR;
}

/** Every CR and LF within a part belongs to a CRLF, and no dot follows one; its ends are judged with its neighbours. */
function isCleanInside(part: Uint8Array): boolean {
  for (let at = part.indexOf(LF); at !== -1; at = part.indexOf(LF, at + 1)) {
    if (at > 0 && part[at - 1] !== CR) return false;
    if (part[at + 1] === DOT) return false;
  }
  for (let at = part.indexOf(CR); at !== -1; at = part.indexOf(CR, at + 1)) {
    if (at + 1 < part.length && part[at + 1] !== LF) return false;
  }
  return true;
}
