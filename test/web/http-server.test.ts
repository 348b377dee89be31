import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, openHttp } from '../../src/web/http-server.js';

let server: HttpServer;
afterEach(() => server.close(0));

/** Answers `/ready` at once, and notes what is asked otherwise. */
async function open() {
  const asked: string[] = [];
  server = await openHttp({
    fetch: (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response('made');
    },
    answerAtOnce: (header, target) =>
      target === '/ready'
        ? {
            status: 200,
            headers: { 'Content-Length': '5', 'X-Language': header('Accept-Language') ?? '' },
            body: Buffer.from('ready'),
          }
        : undefined,
    port: 0,
    host: '127.0.0.1',
    option: '--port',
  });
  return asked;
}

describe('a server with answers that are ready', () => {
  it('gives them without asking for more, and asks for every other request', async () => {
    const asked = await open();
    const ready = await fetch(`${server.url}/ready`, { headers: { 'Accept-Language': 'de' } });
    expect([ready.status, await ready.text(), ready.headers.get('X-Language')]).toEqual([200, 'ready', 'de']);
    expect(asked).toEqual([]);
    expect(await (await fetch(`${server.url}/other`)).text()).toBe('made');
    for (const method of ['POST', 'HEAD']) await (await fetch(`${server.url}/ready`, { method })).text();
    expect(asked).toEqual(['GET /other', 'POST /ready', 'HEAD /ready']);
  });

  it('answers requests that come together on one connection in their order', async () => {
    await open();
    const socket = connect(server.port, '127.0.0.1');
    const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: news.example.org\r\n${more}\r\n`;
    socket.end(get('/ready') + get('/other') + get('/ready', 'Connection: close\r\n'));
    const answers = await text(socket);
    expect(answers.match(/ready|made/g)).toEqual(['ready', 'made', 'ready']);
  });
});
