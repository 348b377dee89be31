/**
 * An SMTP server with limits, in a process of its own: `node --import tsx limiting-sink.ts <port> <limits as JSON>`. Takes and
 * forgets.
 */
import { createServer, type Socket } from 'node:net';
import { aSlidingWindow } from '../../test/support/limiting-server.js';

export interface SinkLimits {
  readonly connections?: number;
  readonly messagesPerConnection?: number;
  /** Mails a second; beyond it MAIL is refused with this reply, or RCPT if it is not 421. */
  readonly perSecond?: number;
  readonly beyond?: string;
  /** How long it takes to reply to a message and to greet. */
  readonly delayMs: number;
}

const END = Buffer.from('\r\n.\r\n');
const limits = JSON.parse(process.argv[3] ?? '{}') as SinkLimits;
const { connections = Number.POSITIVE_INFINITY, messagesPerConnection = Number.POSITIVE_INFINITY, delayMs } = limits;
const takes = aSlidingWindow(limits.perSecond ?? Number.POSITIVE_INFINITY, 1_000);
const beyond = limits.beyond ?? '450 4.7.1 Too many messages, slow down';
const isEnd = beyond.startsWith('421');
let open = 0;

createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  if (open >= connections) return void socket.end('421 4.7.0 Too many connections\r\n');
  open += 1;
  socket.on('close', () => {
    open -= 1;
  });
  setTimeout(() => socket.write('220 sink\r\n'), delayMs);
  let [isData, taken, held] = [false, 0, Buffer.alloc(0) as Buffer];
  socket.on('data', (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      const end = held.indexOf(isData ? END : '\r\n');
      if (end < 0) return;
      const line = isData ? '.' : held.subarray(0, end).toString('latin1').toUpperCase();
      held = held.subarray(end + (isData ? END.length : 2));
      isData = line === 'DATA';
      if (line === '.') taken += 1;
      answer(socket, line, taken);
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

/** Answers one command, or the end of a message: `.` */
function answer(socket: Socket, line: string, taken: number): void {
  if (line === '.') setTimeout(() => socket.write('250 ok\r\n'), delayMs);
  else if (line === 'DATA') socket.write('354 go on\r\n');
  else if (line.startsWith('EHLO')) socket.write('250-sink\r\n250 8BITMIME\r\n');
  else if (line === 'QUIT') socket.end('221 bye\r\n');
  else if (line.startsWith('MAIL') && taken >= messagesPerConnection)
    socket.end('421 4.7.0 Too many messages on this connection\r\n');
  else if (!line.startsWith(isEnd ? 'MAIL' : 'RCPT') || takes(performance.now())) socket.write('250 ok\r\n');
  else if (isEnd) socket.end(`${beyond}\r\n`);
  else socket.write(`${beyond}\r\n`);
}
