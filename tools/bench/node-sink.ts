/**
 * A bare SMTP server that takes and forgets: `node --import tsx node-sink.ts <port> [<delay>]`. With a delay it answers the
 * end of a message after so many milliseconds, as a server on the internet does.
 */
import { createServer, type Socket } from 'node:net';

const END = Buffer.from('\r\n.\r\n');
const DELAY_MS = Number(process.argv[3] ?? 0);

createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write('220 sink\r\n');
  let isData = false;
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      const end = held.indexOf(isData ? END : '\r\n');
      if (end < 0) {
        // Only the tail can hold the beginning of an end.
        if (isData) held = held.subarray(Math.max(0, held.length - END.length));
        return;
      }
      const line = isData ? '' : held.subarray(0, end).toString('latin1').toUpperCase();
      held = held.subarray(end + (isData ? END.length : 2));
      isData = answer(socket, isData, line);
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

/** Answers one command or message; returns whether data follows. */
function answer(socket: Socket, wasData: boolean, line: string): boolean {
  if (line === 'DATA') {
    socket.write('354 go on\r\n');
    return true;
  }
  if (wasData && DELAY_MS > 0) setTimeout(() => socket.write('250 ok\r\n'), DELAY_MS);
  else if (line.startsWith('EHLO')) socket.write('250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n');
  else if (line === 'QUIT' && !wasData) socket.end('221 bye\r\n');
  else socket.write('250 ok\r\n');
  return false;
}
