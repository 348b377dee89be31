/** A real SMTP server on a free loopback port that keeps what it takes and says no where a test wants it to. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface TakenMail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

export interface TestServer {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** How many connections were opened so far. */
  readonly connections: number;
}

/** An error with a reply code, as smtp-server’s handlers take it. */
export function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Starts a server for one test; it ends with the test. */
export async function aServer(options: SMTPServerOptions = {}): Promise<TestServer> {
  const taken: TakenMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        taken.push({ from, to: session.envelope.rcptTo[0]?.address ?? '', raw: Buffer.concat(chunks) });
        done(null, '2.0.0 Taken');
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    get connections() {
      return connections;
    },
  };
}

/** What a scripted server does with one line from the client. */
export type LineHandler = (line: string, socket: Socket, session: { lines: string[]; number: number }) => void;

/**
 * A server in the raw, with TLS when it is given a certificate: it greets, then hands every line to the test.
 */
export async function aScriptedServer(
  handle: LineHandler,
  secure?: { readonly key: string; readonly cert: string },
): Promise<{ port: number; sessions: { lines: string[] }[] }> {
  const sessions: { lines: string[]; number: number }[] = [];
  const open = new Set<Socket>();
  const serve = (socket: Socket) => {
    open.add(socket);
    const session = { lines: [] as string[], number: sessions.length + 1 };
    sessions.push(session);
    let rest = '';
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.write('220 test ESMTP\r\n');
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        session.lines.push(line);
        handle(line, socket, session);
      }
    });
  };
  const server = secure ? createTlsServer(secure, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return { port: (server.address() as AddressInfo).port, sessions };
}

/** A self-made certificate for `localhost`, valid for a day. */
export function aCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gazette-cert-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
