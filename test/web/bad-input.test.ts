import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReaderSite } from '../../src/readers/index.js';
import { aPublicSite, type TestSite } from '../support/public-site.js';
import { listed } from '../support/store-plans.js';

const BY = { ip: '192.0.2.1', userAgent: '' };
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

let site: TestSite;
let before: string;
let bad: string;
let readers: ReaderSite;
const audience = async () => JSON.stringify(await listed(site.deps.store.audience.list()));

beforeAll(async () => {
  site = await aPublicSite();
  readers = site.deps.readers.site();
  before = await audience();
  bad = await (await site.get('/u/nothing')).text();
});

/** 4xx, one body for all, and nothing changed. */
async function expectRefused(answer: Response | Promise<Response>): Promise<void> {
  const { status, headers } = await answer;
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(await (await answer).text()).toBe(bad);
}

describe('a token that was not made here', () => {
  it('is refused with the same body by every page and method', async () => {
    for (const page of ['u', 'p', 'c']) {
      await expectRefused(site.get(`/${page}/nothing`));
      await expectRefused(site.post(`/${page}/nothing`, { ...ONE_CLICK, part: 'resume', confirm: 'yes' }));
    }
    await expectRefused(site.get('/p/nothing/data'));
  });

  it('is refused with any bit flipped', async () => {
    const token = site.token(1);
    for (let index = 0; index < token.length; index += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32]) {
        const flipped = String.fromCharCode(token.charCodeAt(index) ^ bit);
        const forged = encodeURIComponent(token.slice(0, index) + flipped + token.slice(index + 1));
        const { status } = await site.post(`/u/${forged}`, ONE_CLICK);
        expect([404, 400], forged).toContain(status);
      }
    }
    expect(await audience()).toBe(before);
  });

  it('is refused a hundred thousand times at random', async () => {
    // Repeatable random text.
    const text = (length: number, ...about: readonly unknown[]) =>
      createHash('sha256').update(about.join(' ')).digest('base64url').slice(0, length);
    const answers = new Set<unknown>();
    for (let nth = 0; nth < 100_000; nth += 1) {
      const token = [`k1.weekly.1${text(22, nth)}`, `k1.${text(6, nth)}.${text(23, -nth)}`][nth % 2] ?? '';
      answers.add(await readers.unsubscribeOneClick(token));
      if (nth % 50 === 0) answers.add(await readers.confirm(text(43, nth), BY));
      if (nth % 500 === 0) answers.add((await site.post(`/u/${token}`, ONE_CLICK)).status);
      if (nth % 500 === 0) answers.add((await site.post(`/c/${text(43, 'site', nth)}`, { confirm: 'yes' })).status);
    }
    expect(answers).toEqual(new Set([false, undefined, 404]));
    expect(await audience()).toBe(before);
  });

  it('of one reader and newsletter gives no access to another', async () => {
    const [kid, , tail = ''] = site.token(1).split('.');
    await expectRefused(site.post(`/u/${kid}.weekly.2${tail.slice(1)}`, ONE_CLICK));
    await expectRefused(site.post(`/u/${kid}.monthly.${tail}`, ONE_CLICK));
    expect(await audience()).toBe(before);
  });
});

describe('a body that is not a form', () => {
  const postRaw = (body: string | ReadableStream, headers: { readonly [name: string]: string }, page = 'u') =>
    site.app.fetch(
      new Request(`https://news.example.org/${page}/${site.token(1)}`, {
        method: 'POST',
        body,
        headers,
        duplex: 'half',
      } as RequestInit),
    );
  const URLENCODED = { 'Content-Type': 'application/x-www-form-urlencoded' };

  it('is refused when it is of another type', async () => {
    await expectRefused(postRaw('{"List-Unsubscribe":"One-Click"}', { 'Content-Type': 'application/json' }));
    await expectRefused(postRaw('List-Unsubscribe=One-Click', { 'Content-Type': 'text/plain' }));
    await expectRefused(postRaw('List-Unsubscribe=One-Click', { 'Content-Type': 'multipart/form-data' }));
    await expectRefused(postRaw('--x\r\nbroken', { 'Content-Type': 'multipart/form-data; boundary=x' }));
    expect(await audience()).toBe(before);
  });

  it('is refused when it is huge, even without a declared length', async () => {
    const huge = `List-Unsubscribe=One-Click&x=${'y'.repeat(1_000_000)}`;
    await expectRefused(postRaw(huge, URLENCODED));
    const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536).fill(120)) });
    await expectRefused(postRaw(endless, URLENCODED, 'p'));
    expect(await audience()).toBe(before);
  });

  it('is refused when it asks for an unknown action', async () => {
    for (const body of ['', 'choice=destroy', 'List-Unsubscribe=all', 'List-Unsubscribe=', '%00=%ff&&&=']) {
      await expectRefused(postRaw(body, URLENCODED));
      await expectRefused(postRaw(body, URLENCODED, 'p'));
    }
    expect(await audience()).toBe(before);
  });

  it('is refused by other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status } = await site.app.fetch(new Request(`https://news.example.org/u/${site.token(1)}`, { method }));
      expect(status).toBe(404);
    }
    expect(await audience()).toBe(before);
  });
});

describe('the log', () => {
  it('contains no token and no address', async () => {
    await site.post(`/u/${site.token(2)}`, ONE_CLICK);
    const logged = JSON.stringify(site.events);
    expect(logged).not.toContain(site.token(2));
    expect(logged).not.toMatch(/bob@|ann@|nothing/i);
    expect(site.events.map(({ event }) => event)).toContain('subscription.ended');
  });
});
