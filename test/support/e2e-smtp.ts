/** A real SMTP server that refuses some readers, leaves after some messages, and hangs up on some it has taken. */
import { SMTPServer } from 'smtp-server';
import { listenOnLoopback } from '../../src/platform/inbox.js';

export interface RoughServer {
  readonly url: string;
  /** Every message it has taken, in order, also those it did not confirm. */
  readonly taken: readonly { readonly to: string; readonly messageId: string; readonly raw: string }[];
  close(): Promise<void>;
}

export interface Roughness {
  /** Refused for good. */
  readonly refuses?: (address: string) => boolean;
  /** Of each n-th message it takes, it never tells. */
  readonly silentEvery?: number;
  /** It leaves after so many messages of a connection. */
  readonly messagesAConnection?: number;
}

export async function openRoughServer(rough: Roughness = {}): Promise<RoughServer> {
  const { refuses = () => false, silentEvery = Number.POSITIVE_INFINITY, messagesAConnection = 40 } = rough;
  const taken: { to: string; messageId: string; raw: string }[] = [];
  const handled = new Map<string, number>();
  const silenced = new Set<string>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onRcptTo: ({ address }, _session, done) =>
      refuses(address) ? done(Object.assign(new Error('5.1.1 No such reader'), { responseCode: 550 })) : done(),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const messageId = /^Message-ID:\s*(\S+)/im.exec(raw)?.[1] ?? '';
        taken.push({ to: session.envelope.rcptTo[0]?.address ?? '', messageId, raw });
        const count = (handled.get(session.id) ?? 0) + 1;
        handled.set(session.id, count);
        if (taken.length % silentEvery === 0 && !silenced.has(messageId)) {
          silenced.add(messageId);
          hangUpOf(server, session.id);
          return;
        }
        done();
        // After the reply has left: some servers close without a word (Yahoo sender best practices).
        if (count >= messagesAConnection) setImmediate(() => hangUpOf(server, session.id));
      });
    },
  });
  const port = await listenOnLoopback(server);
  return { url: `smtp://127.0.0.1:${port}`, taken, close: () => new Promise((closed) => server.close(closed)) };
}

function hangUpOf(server: SMTPServer, id: string): void {
  const { connections } = server as unknown as { connections: Set<{ id: string; _socket?: { destroy(): void } }> };
  for (const connection of connections) if (connection.id === id) connection._socket?.destroy();
}
