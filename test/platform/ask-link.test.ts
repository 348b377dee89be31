import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openAskLink } from '../../src/platform/ask-link.js';
import { openWebClient } from '../../src/platform/web-client.js';

/** A server on loopback, and every request it got. */
async function aServer(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const askLink = openAskLink(openWebClient({ mayReach: () => true }));

it('A page is asked for its head alone', async () => {
  const { url, asked } = await aServer((_, response) =>
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('x'),
  );
  expect(await askLink(`${url}/a`)).toEqual({ kind: 'answered', status: 200, url: `${url}/a`, type: 'text/html' });
  expect(asked).toEqual(['HEAD /a']);
});

it('A server that knows no HEAD is asked once more', async () => {
  const { url, asked } = await aServer((request, response) =>
    response.writeHead(request.method === 'HEAD' ? 405 : 200).end(),
  );
  expect(await askLink(`${url}/`)).toMatchObject({ status: 200 });
  expect(asked).toEqual(['HEAD /', 'GET /']);
});

it('A page that is not there stays so', async () => {
  const { url } = await aServer((_, response) => response.writeHead(404).end());
  expect(await askLink(`${url}/`)).toMatchObject({ kind: 'answered', status: 404 });
});

it('A picture of unknown weight is weighed', async () => {
  const { url } = await aServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'image/png', 'Transfer-Encoding': 'chunked' });
    response.end(Buffer.alloc(70_000));
  });
  expect(await askLink(`${url}/a.png`)).toMatchObject({ type: 'image/png', bytes: 70_000 });
});

it('A permanent redirect is reported with its target; a chain with a temporary one is not', async () => {
  const { url } = await aServer((request, response) => {
    const next: { readonly [path: string]: readonly [number, string] } = {
      '/old': [301, '/older'],
      '/older': [308, '/new'],
      '/now': [302, '/old'],
      '/later': [301, '/now'],
    };
    const [status, location] = next[request.url ?? ''] ?? [200, undefined];
    response.writeHead(status, location ? { Location: location } : {}).end();
  });
  expect(await askLink(`${url}/old`)).toMatchObject({ moved: 'for-good', url: `${url}/new` });
  expect(await askLink(`${url}/now`)).toMatchObject({ moved: 'for-now', url: `${url}/new` });
  expect(await askLink(`${url}/later`)).toMatchObject({ moved: 'for-now', url: `${url}/new` });
});

it('A ring of addresses is left', async () => {
  const { url, asked } = await aServer((_, response) => response.writeHead(302, { Location: '/' }).end());
  expect(await askLink(`${url}/`)).toMatchObject({ kind: 'failed', text: expect.stringContaining('leads on') });
  expect(asked.length).toBeLessThan(10);
});

it('A missing server is reported as such', async () => {
  const { url } = await aServer(() => undefined);
  const gone = url.replace(/\d+$/, '1');
  expect(await askLink(gone)).toMatchObject({ kind: 'failed' });
});

it('A private network is not asked: by its address, by name, or by way of another', async () => {
  const { url, asked } = await aServer((_, response) =>
    response.writeHead(302, { Location: 'http://10.0.0.1/admin' }).end(),
  );
  expect(await openAskLink(openWebClient())(url)).toEqual({ kind: 'private', url });
  expect(await openAskLink(openWebClient())(url.replace('127.0.0.1', 'localhost'))).toMatchObject({ kind: 'private' });
  expect(asked).toEqual([]);
  const loopbackOnly = openAskLink(openWebClient({ mayReach: (address) => address === '127.0.0.1' }));
  expect(await loopbackOnly(`${url}/a`)).toEqual({ kind: 'private', url: 'http://10.0.0.1/admin' });
});

it('An aborted request stops', async () => {
  const { url } = await aServer(() => undefined);
  await expect(askLink(url, AbortSignal.abort())).rejects.toThrow('aborted');
});
