/** What a server can do to us: whatever it does ends soon, in a clear answer, and holds no memory. */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, constants, createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WebRequest } from '../../src/domain/ports/host.js';
import { openFetchWeb } from '../../src/platform/fetch-web.js';
import { openWebClient, type WebClientOptions } from '../../src/platform/web-client.js';
import { handClock } from '../support/app-context.js';

const clock = handClock(new Date('2026-06-15T07:00:00Z'));
const LIMIT = 1_000_000;

async function aServer(listener: RequestListener): Promise<string> {
  const server = createServer({ highWaterMark: 16_384 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A server that speaks no HTTP library: what it sends is written by hand. */
async function aRawServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function fetchFrom(url: string, options: WebClientOptions = {}, request: Partial<WebRequest> = {}) {
  const client = openWebClient({ timeoutMs: 5_000, ...options });
  return openFetchWeb({ client, clock })({ url, allowPrivate: ['127.0.0.1'], maxBytes: LIMIT, ...request });
}

/** Writes for as long as anybody reads. */
function writeForEver(response: ServerResponse | Socket, chunk: Uint8Array, onWritten = (_bytes: number) => {}): void {
  const write = () => {
    while (response.write(chunk)) onWritten(chunk.length);
    onWritten(chunk.length);
    response.once('drain', write);
  };
  response.on('error', () => undefined);
  write();
}

describe('an answer without an end', () => {
  it.each<[string, RequestListener]>([
    ['that never begins', () => undefined],
    [
      'whose headers stop',
      (_, response) => void response.socket?.write('HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n'),
    ],
    ['whose body stops', (_, response) => void response.writeHead(200).write('<rss>')],
  ])('%s ends at the time limit', async (_, listener) => {
    const url = await aServer(listener);
    const response = await fetchFrom(url, { timeoutMs: 300 });
    expect(response).toMatchObject({ kind: 'failed', text: 'it does not answer in time', url });
  });

  it('that comes byte by byte ends at the time limit, however steadily it comes', async () => {
    const url = await aServer((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await fetchFrom(url, { timeoutMs: 300 })).toMatchObject({
      kind: 'failed',
      text: 'it does not answer in time',
    });
  });

  it('of headers is refused', async () => {
    const url = await aRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      writeForEver(socket, Buffer.from('X-Header: value\r\n'.repeat(100)));
    });
    expect(await fetchFrom(url)).toMatchObject({ kind: 'failed', text: expect.stringContaining('headers') });
  });

  it('is not read beyond the limit', async () => {
    let written = 0;
    const url = await aServer((_, response) => {
      response.writeHead(200);
      writeForEver(response, Buffer.alloc(16_384, 'x'), (bytes) => {
        written += bytes;
      });
    });
    expect(await fetchFrom(url)).toMatchObject({ kind: 'refused', why: 'too-large', url });
    // What the two ends of a connection buffer comes on top.
    expect(written).toBeLessThan(20 * LIMIT);
  });
});

describe('a bomb', () => {
  const zeros = Buffer.alloc(64 * 1024);

  it('of gzip is not unpacked beyond the limit', async () => {
    const url = await aServer((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      response.on('close', () => gzip.destroy());
      writeForEver(gzip as unknown as ServerResponse, zeros);
    });
    expect(await fetchFrom(url)).toMatchObject({ kind: 'refused', why: 'too-large' });
  });

  it('of Brotli is not either', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(50_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
    expect(bomb.length).toBeLessThan(10_000);
    const url = await aServer((_, response) => void response.writeHead(200, { 'Content-Encoding': 'br' }).end(bomb));
    expect(await fetchFrom(url)).toMatchObject({ kind: 'refused', why: 'too-large' });
  });

  it('of gzip that unpacks to nothing, for ever, ends as well', async () => {
    const empty = Buffer.concat(Array.from({ length: 500 }, () => gzipSync('')));
    const url = await aServer((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      writeForEver(response, empty);
    });
    expect(await fetchFrom(url)).toMatchObject({ kind: 'refused', why: 'too-large' });
  });

  it('leaves no memory behind', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000));
    const url = await aServer((_, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb));
    await fetchFrom(url);
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 20; round += 1) await fetchFrom(url);
    // Twenty bombs unpack to 600 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 * LIMIT);
  });
});

describe('a redirect', () => {
  const redirectTo = (location: string) =>
    aServer((_, response) => void response.writeHead(302, { Location: location }).end());

  it('in a ring, or to ever new addresses, is left', async () => {
    expect(await fetchFrom(await redirectTo('/'))).toMatchObject({ kind: 'refused', why: 'too-many-redirects' });
    let hop = 0;
    const on = await aServer((_, response) => {
      hop += 1;
      response.writeHead(301, { Location: `/${hop}` }).end();
    });
    expect(await fetchFrom(on)).toMatchObject({ kind: 'refused', why: 'too-many-redirects' });
    expect(hop).toBeLessThan(10);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://127.0.0.2/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fec0::1]/',
    'http://2130706434/',
    'http://0x7f000002/',
    'http://0177.0.0.2/',
    'http://127.2/',
    'http://0/',
    'http://localhost/',
    'http://localhost./',
    'http://metadata.internal/',
    'http://wiki/',
    '//10.0.0.1/',
  ])('to %s is refused, and nothing is asked there', async (location) => {
    const response = await fetchFrom(await redirectTo(location));
    expect(response).toMatchObject({ kind: 'refused', why: 'private' });
  });

  it.each([
    'file:///etc/passwd',
    'ftp://example.org/',
    'data:text/xml,<rss/>',
    'javascript:alert(1)',
    'gopher://example.org/',
  ])('to %s is refused', async (location) => {
    expect(await fetchFrom(await redirectTo(location))).toMatchObject({ kind: 'refused', why: 'scheme' });
  });

  it('that leads nowhere is an answer without a body', async () => {
    expect(await fetchFrom(await redirectTo('http://'))).toMatchObject({ kind: 'answered', status: 302 });
  });
});

describe('a name', () => {
  /** Answers with these addresses, one list after the other. */
  function lookupOf(...answers: readonly (readonly string[])[]) {
    let asked = 0;
    const lookup = ((_host: string, _options: object, done: (error: null, found: object[]) => void) => {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as unknown as NonNullable<WebClientOptions['lookup']>;
    return { lookup, asked: () => asked };
  }

  it.each([[['127.0.0.1']], [['8.8.8.8', '127.0.0.1']], [['::1']], [['64:ff9b::a9fe:a9fe']], [['169.254.169.254']]])(
    'that means %j is refused',
    async (addresses) => {
      const { lookup } = lookupOf(addresses);
      const response = await fetchFrom('http://rebound.example.org/', { lookup }, { allowPrivate: [] });
      expect(response).toMatchObject({ kind: 'refused', why: 'private' });
    },
  );

  it('that changes its answer is judged by the address that is connected to', async () => {
    const url = await aServer((_, response) => void response.end('inside'));
    const { lookup, asked } = lookupOf(['127.0.0.1'], ['127.0.0.1'], ['127.0.0.1']);
    const named = url.replace('127.0.0.1', 'rebound.example.org');
    // The first look-up is the only one: what it says is what is asked.
    const open = await fetchFrom(named, { lookup, mayReach: () => true }, { allowPrivate: [] });
    expect(open).toMatchObject({ kind: 'answered' });
    expect(asked()).toBe(1);
    const changing = lookupOf(['8.8.8.8', '127.0.0.1'], ['8.8.8.8']);
    expect(await fetchFrom(named, { lookup: changing.lookup }, { allowPrivate: [] })).toMatchObject({ why: 'private' });
  });

  it('that is allowed does not allow another', async () => {
    const { lookup } = lookupOf(['127.0.0.1']);
    const response = await fetchFrom('http://other.example.org/', { lookup }, { allowPrivate: ['wiki.example.org'] });
    expect(response).toMatchObject({ kind: 'refused', why: 'private' });
  });
});

describe('an answer that is wrong', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    ['no HTTP', (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'not HTTP'],
    ['nothing', (socket) => void socket.end(), 'closed before the answer was complete'],
    ['cut off', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>'), 'complete'],
    ['a reset', (socket) => void socket.resetAndDestroy(), 'reset'],
    [
      'two lengths',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
      'than it says',
    ],
    [
      'an encoding that was not asked for',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: compress\r\nContent-Length: 1\r\n\r\nx'),
      'compress',
    ],
    [
      'no Brotli although it says so',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello'),
      'cannot be decoded',
    ],
    [
      'no gzip although it says so',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello'),
      'cannot be decoded',
    ],
  ])('%s is told as such', async (_, answer, text) => {
    const url = await aRawServer(answer);
    expect(await fetchFrom(url)).toMatchObject({ kind: 'failed', text: expect.stringContaining(text), url });
  });

  it('by its status is an answer, with its body', async () => {
    const url = await aServer((_, response) => void response.writeHead(502).end('Bad gateway'));
    expect(await fetchFrom(url)).toMatchObject({ kind: 'answered', status: 502 });
  });

  it('gzip that lacks its end is read as far as it goes', async () => {
    const whole = gzipSync('hello '.repeat(1000));
    const url = await aServer(
      (_, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(whole.subarray(0, -8)),
    );
    expect(await fetchFrom(url)).toMatchObject({ kind: 'answered', status: 200 });
  });
});

it('An address that is none is refused', async () => {
  expect(await fetchFrom('not an address')).toMatchObject({ kind: 'failed' });
  expect(await fetchFrom('file:///etc/passwd')).toMatchObject({ kind: 'refused', why: 'scheme' });
});

it('A request that is given up stops waiting at once, and so do those behind it', async () => {
  const url = await aServer(() => undefined);
  const stop = new AbortController();
  const fetchWeb = openFetchWeb({ client: openWebClient(), clock });
  const both = ['1', '2'].map((path) => fetchWeb({ url: url + path, allowPrivate: ['127.0.0.1'] }, stop.signal));
  const ends = Promise.allSettled(both);
  stop.abort(new Error('given up'));
  expect((await ends).map((end) => end.status === 'rejected' && (end.reason as Error).message)).toEqual([
    'given up',
    'given up',
  ]);
});
