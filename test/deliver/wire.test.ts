import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  asReadable,
  isWireReady,
  StuffedMessage,
  type WireMessage,
  wireMessage,
} from '../../src/deliver/transports/wire.js';
import { runs } from '../support/runs.js';

/** A connection to a server that keeps the bytes of every message exactly as they came. */
async function aWire() {
  const messages: string[] = [];
  const server = createServer((socket) => {
    let bytes = '';
    let inData = false;
    socket.write('220 test ESMTP\r\n');
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      if (inData) {
        if (!`\r\n${bytes}`.endsWith('\r\n.\r\n')) return;
        messages.push(bytes);
        inData = false;
        bytes = '';
        socket.write('250 Taken\r\n');
        return;
      }
      for (let end = bytes.indexOf('\r\n'); end !== -1 && !inData; end = bytes.indexOf('\r\n')) {
        inData = bytes.slice(0, end) === 'DATA';
        bytes = bytes.slice(end + 2);
        socket.write(inData ? '354 Go on\r\n' : '250 OK\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = new SMTPConnection({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ignoreTLS: true,
  });
  await new Promise<void>((resolve) => connection.connect(() => resolve()));
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  /** Sends one message; gives the bytes the server got after DATA. */
  const send = async (message: Buffer | WireMessage): Promise<string> => {
    const given = Buffer.isBuffer(message) ? message : asReadable(message);
    await new Promise<void>((resolve, reject) =>
      connection.send({ from: 'a@example.org', to: ['b@example.org'] }, given, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    return messages.at(-1) ?? '';
  };
  return { connection, send };
}

const piece = fc.constantFrom('a', '.', '..', '\r\n', '\r\n', '\r\n.', 'line\r\n', ' ', '=', 'é', '\r\n.\r\n');
const whole = (pieces: fc.Arbitrary<string>) =>
  fc
    .array(fc.array(pieces, { maxLength: 8 }), { minLength: 1, maxLength: 6 })
    .map((parts) => [...parts.map((all) => Buffer.from(all.join(''))), Buffer.from('\r\n')]);
const ready = whole(piece);
/** No line begins with a dot: always the straight way. */
const dotless = whole(fc.constantFrom('a', 'a.b', '\r\n', 'line\r\n', ' ', '=', 'é'));
const anything = fc.array(
  fc
    .array(fc.oneof(piece, fc.constantFrom('\r', '\n', '\n.\n', '\r.\r', '\r\r\n')), { maxLength: 8 })
    .map((all) => Buffer.from(all.join(''))),
  { minLength: 1, maxLength: 6 },
);

describe('the straight way to the wire', () => {
  it('is open with this Nodemailer: it looks inside, so this fails when its inside changes', async () => {
    const { connection, send } = await aWire();
    const message = wireMessage(connection, [Buffer.from('Subject: a\r\n\r\nHello\r\n')]);
    expect(await send(message)).toBe('Subject: a\r\n\r\nHello\r\n.\r\n');
    expect(message).toMatchObject({ way: 'straight', started: true, left: true });
  });

  it('puts the same bytes on the wire as Nodemailer’s own way', async () => {
    const { connection, send } = await aWire();
    let straight = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(ready, dotless, anything), async (content) => {
        const whole = Buffer.concat(content);
        fc.pre(whole.length > 0);
        const own = await send(whole);
        const message = wireMessage(connection, content);
        expect(await send(message)).toBe(own);
        expect(await send(new StuffedMessage(content))).toBe(own);
        if (message.way === 'straight') straight += 1;
      }),
      { numRuns: runs(100) },
    );
    expect(straight).toBeGreaterThan(runs(100) / 8);
  });

  it('puts the same bytes on the wire when the message is larger than any buffer', async () => {
    const { connection, send } = await aWire();
    const line = Buffer.from(`${'x'.repeat(74)}\r\n`.repeat(2_000));
    const content = Array.from({ length: 40 }, () => line);
    const message = wireMessage(connection, content);
    expect((await send(message)).length).toBe(line.length * 40 + 3);
    expect(message.way).toBe('straight');
  });
});

describe('bytes that are ready for the wire', () => {
  it('are those in which nothing would be changed', () => {
    fc.assert(
      fc.property(fc.oneof(ready, anything), (content) => {
        const text = Buffer.concat(content).toString('latin1');
        const changed = text.replace(/\r\n|\r|\n/g, '\r\n').replace(/^\./gm, '..') !== text;
        expect(isWireReady(content)).toBe(!changed && (text === '' || text.endsWith('\r\n')));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are judged by their neighbours each time, though their inside is looked at once', () => {
    const dot = Buffer.from('.\r\n');
    expect(isWireReady([Buffer.from('a'), dot])).toBe(true);
    expect(isWireReady([Buffer.from('a\r\n'), dot])).toBe(false);
    expect(isWireReady([Buffer.from('a\r'), Buffer.from('\n')])).toBe(true);
    expect(isWireReady([Buffer.from('a'), Buffer.from('\n')])).toBe(false);
  });
});
