/** A real SMTP server on loopback that keeps what it is given: the mailbox of the demo and of the tests. */
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** One mail as it came over the wire. */
export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The bytes after DATA, dots unstuffed. */
  readonly raw: Uint8Array;
  parsed(): Promise<Email>;
}

export interface InboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Given, mails go here and are not kept; the server answers once the promise settles. */
  readonly onMail?: (mail: ReceivedMail) => void | Promise<void>;
}

export interface Inbox {
  /** `smtp://127.0.0.1:port`, for `SMTP_URL`. */
  readonly url: string;
  /** In the order they came; empty when mails are handed on. */
  readonly mails: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** Opens a server that takes every mail, offers SMTPUTF8, and asks for neither TLS nor a password. */
export async function openInbox(options: InboxOptions = {}): Promise<Inbox> {
  const mails: ReceivedMail[] = [];
  const keep = options.onMail ?? ((mail: ReceivedMail) => void mails.push(mail));
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onData: (stream, session, done) => {
      receive(stream, session)
        .then(keep)
        .then(() => done(), done);
    },
  });
  const port = await listenOnLoopback(server, options.port);
  return { url: `smtp://127.0.0.1:${port}`, mails, close: () => new Promise((closed) => server.close(closed)) };
}

/** Resolves with the port it listens on; 0, the default, takes any free one. */
export function listenOnLoopback(server: SMTPServer, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A client that hangs up in the middle is the client's affair.
      server.on('error', () => undefined);
      resolve((server.server.address() as AddressInfo).port);
    });
  });
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<ReceivedMail> {
  // The session belongs to the connection and is used again for its next mail.
  const { mailFrom, rcptTo } = session.envelope;
  const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  return { envelope, raw, parsed: () => PostalMime.parse(raw) };
}
