import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { openFetchWeb } from '../../src/platform/fetch-web.js';
import { openWebClient, type WebClientOptions } from '../../src/platform/web-client.js';
import { handClock } from '../support/app-context.js';

const clock = handClock(new Date('2026-06-15T07:00:00Z'));

async function aServer(listener: RequestListener) {
  const asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked };
}

const aFetch = (options: WebClientOptions = {}) => openFetchWeb({ client: openWebClient(options), clock });
const LOOPBACK = ['127.0.0.1'];
const textOf = (response: { readonly kind: string; readonly body?: Uint8Array }) =>
  new TextDecoder().decode(response.body);

it('An answer is given with its headers, its body and what makes the next request conditional', async () => {
  const { url, asked } = await aServer((_, response) =>
    response.writeHead(200, { ETag: 'W/"one"', 'Last-Modified': 'Mon, 01 Jun 2026 00:00:00 GMT' }).end('hello'),
  );
  const fetchWeb = aFetch({ userAgent: 'Gazette/1 (+https://news.example.org)' });
  const request = { url: `${url}/feed`, accept: 'application/rss+xml', allowPrivate: LOOPBACK };
  const response = await fetchWeb(request);
  const validators = { etag: 'W/"one"', lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT' };
  expect(response).toMatchObject({ kind: 'answered', status: 200, url: `${url}/feed`, validators });
  expect(textOf(response)).toBe('hello');
  await fetchWeb({ ...request, validators });
  expect(asked[0]?.headers).toMatchObject({
    'user-agent': 'Gazette/1 (+https://news.example.org)',
    accept: 'application/rss+xml',
  });
  expect(asked[0]?.headers).not.toHaveProperty('if-none-match');
  expect(asked[1]?.headers).toMatchObject({
    'if-none-match': 'W/"one"',
    'if-modified-since': 'Mon, 01 Jun 2026 00:00:00 GMT',
  });
});

it('What has not changed is told apart from an empty answer', async () => {
  const { url } = await aServer((_, response) => response.writeHead(304).end());
  const response = await aFetch()({ url, validators: { etag: '"one"' }, allowPrivate: LOOPBACK });
  expect(response).toMatchObject({ kind: 'not-modified' });
});

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('An answer encoded as %s is decoded', async (encoding, encode) => {
  const { url } = await aServer((_, response) =>
    response.writeHead(200, { 'Content-Encoding': encoding }).end(encode('hello '.repeat(100))),
  );
  expect(textOf(await aFetch()({ url, allowPrivate: LOOPBACK }))).toBe('hello '.repeat(100));
});

it('Only the permanent redirects at the beginning say where an address has moved', async () => {
  const { url } = await aServer((request, response) => {
    const next: { readonly [path: string]: readonly [number, string] } = {
      '/old': [301, '/older'],
      '/older': [308, '/new'],
      '/now': [302, '/new'],
      '/mixed': [301, '/now'],
    };
    const [status, location] = next[request.url ?? ''] ?? [200, undefined];
    response.writeHead(status, location ? { Location: location } : { ETag: '"new"' }).end();
  });
  const at = (path: string) => aFetch()({ url: `${url}${path}`, allowPrivate: LOOPBACK });
  expect(await at('/old')).toMatchObject({ url: `${url}/new`, movedTo: `${url}/new`, validators: { etag: '"new"' } });
  expect(await at('/now')).not.toHaveProperty('movedTo');
  expect(await at('/mixed')).toMatchObject({ url: `${url}/new`, movedTo: `${url}/now` });
  // The validators of a temporary target would be sent to another address.
  expect(await at('/mixed')).not.toHaveProperty('validators');
});

it('Credentials stay with their origin, and conditions with their address', async () => {
  const other = await aServer((_, response) => response.writeHead(200).end());
  const { url, asked } = await aServer((request, response) =>
    response.writeHead(302, { Location: request.url === '/a' ? '/b' : `${other.url}/c` }).end(),
  );
  await aFetch()({
    url: `${url}/a`,
    headers: { authorization: 'Basic c2VjcmV0', 'x-key': 'secret' },
    validators: { etag: '"one"' },
    allowPrivate: LOOPBACK,
  });
  expect(asked[0]?.headers).toMatchObject({ authorization: 'Basic c2VjcmV0', 'if-none-match': '"one"' });
  expect(asked[1]?.headers).toMatchObject({ authorization: 'Basic c2VjcmV0', 'x-key': 'secret' });
  expect(asked[1]?.headers).not.toHaveProperty('if-none-match');
  expect(other.asked[0]?.headers).not.toHaveProperty('authorization');
  expect(other.asked[0]?.headers).not.toHaveProperty('x-key');
});

it('A proxy is asked for what is public, and for nothing that is private', async () => {
  const proxy = await aServer((_, response) => response.writeHead(200).end('by proxy'));
  const fetchWeb = aFetch({ proxies: { http: proxy.url, none: 'direct.example' } });
  expect(textOf(await fetchWeb({ url: 'http://blog.example.org/feed' }))).toBe('by proxy');
  expect(proxy.asked.map(({ path }) => path)).toEqual(['http://blog.example.org/feed']);
  expect(await fetchWeb({ url: 'http://169.254.169.254/latest' })).toMatchObject({ kind: 'refused', why: 'private' });
  expect(await fetchWeb({ url: 'http://localhost/' })).toMatchObject({ kind: 'refused', why: 'private' });
  expect(proxy.asked).toHaveLength(1);
});

it('A proxy that closes the connection is named, and not tried for ever', async () => {
  const proxy = await aServer((_, response) => response.end());
  const response = await aFetch({ proxies: { https: proxy.url } })({ url: 'https://blog.example.org/feed' });
  expect(response).toMatchObject({ kind: 'failed', text: expect.stringContaining('the proxy does not work') });
});

it('One host is asked for one thing at a time, with a wait in between; others are not held up', async () => {
  const waiting: (() => void)[] = [];
  const slow = await aServer((_, response) => void waiting.push(() => response.end()));
  const other = await aServer((_, response) => response.end());
  const fetchWeb = aFetch();
  const both = ['/1', '/2'].map((path) => fetchWeb({ url: `${slow.url}${path}`, allowPrivate: LOOPBACK }));
  await fetchWeb({ url: other.url, allowPrivate: LOOPBACK });
  await expect.poll(() => waiting.length).toBe(1);
  expect(slow.asked.map(({ path }) => path)).toEqual(['/1']);
  const before = clock.slept.length;
  waiting.shift()?.();
  await both[0];
  await expect.poll(() => waiting.length).toBe(1);
  waiting.shift()?.();
  expect(await both[1]).toMatchObject({ kind: 'answered' });
  expect(clock.slept.slice(before)).toEqual([expect.any(Number)]);
});
