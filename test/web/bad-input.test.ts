import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openReaderSite, type ReaderSite } from '../../src/readers/index.js';
import { aDoor, type TestDoor } from '../support/public-site.js';
import { listed } from '../support/store-plans.js';

const BY = { ip: '192.0.2.1', userAgent: '' };
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

let door: TestDoor;
let before: string;
let bad: string;
let flows: ReaderSite;
const everybody = async () => JSON.stringify(await listed(door.deps.store.audience.list()));

beforeAll(async () => {
  door = await aDoor();
  flows = openReaderSite(door.deps);
  before = await everybody();
  bad = await (await door.get('/u/nothing')).text();
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
  it('is refused with one and the same body, by every page and method', async () => {
    for (const page of ['u', 'p', 'c']) {
      await expectRefused(door.get(`/${page}/nothing`));
      await expectRefused(door.post(`/${page}/nothing`, { ...ONE_CLICK, part: 'resume', confirm: 'yes' }));
    }
    await expectRefused(door.get('/p/nothing/data'));
  });

  it('is refused with any of its bits flipped', async () => {
    const token = door.token(1);
    for (let index = 0; index < token.length; index += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32]) {
        const flipped = String.fromCharCode(token.charCodeAt(index) ^ bit);
        const forged = encodeURIComponent(token.slice(0, index) + flipped + token.slice(index + 1));
        const { status } = await door.post(`/u/${forged}`, ONE_CLICK);
        expect([404, 400], forged).toContain(status);
      }
    }
    expect(await everybody()).toBe(before);
  });

  it('is refused a hundred thousand times at random', async () => {
    // Chance that can be repeated, a whole token at a time.
    const text = (length: number, ...about: readonly unknown[]) =>
      createHash('sha256').update(about.join(' ')).digest('base64url').slice(0, length);
    const answers = new Set<unknown>();
    for (let nth = 0; nth < 100_000; nth += 1) {
      const token = [`k1.weekly.1${text(22, nth)}`, `k1.${text(6, nth)}.${text(23, -nth)}`][nth % 2] ?? '';
      answers.add(await flows.unsubscribeOneClick(token));
      if (nth % 50 === 0) answers.add(await flows.confirm(text(43, nth), BY));
      if (nth % 500 === 0) answers.add((await door.post(`/u/${token}`, ONE_CLICK)).status);
      if (nth % 500 === 0) answers.add((await door.post(`/c/${text(43, 'door', nth)}`, { confirm: 'yes' })).status);
    }
    expect(answers).toEqual(new Set([false, undefined, 404]));
    expect(await everybody()).toBe(before);
  });

  it('of one reader and newsletter opens nothing of another', async () => {
    const [kid, , tail = ''] = door.token(1).split('.');
    await expectRefused(door.post(`/u/${kid}.weekly.2${tail.slice(1)}`, ONE_CLICK));
    await expectRefused(door.post(`/u/${kid}.monthly.${tail}`, ONE_CLICK));
    expect(await everybody()).toBe(before);
  });
});

describe('a body that is no form', () => {
  const postRaw = (body: string | ReadableStream, headers: { readonly [name: string]: string }, page = 'u') =>
    door.door.fetch(
      new Request(`https://news.example.org/${page}/${door.token(1)}`, {
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
    expect(await everybody()).toBe(before);
  });

  it('is refused when it is huge, also when it does not say so', async () => {
    const huge = `List-Unsubscribe=One-Click&x=${'y'.repeat(1_000_000)}`;
    await expectRefused(postRaw(huge, URLENCODED));
    const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536).fill(120)) });
    await expectRefused(postRaw(endless, URLENCODED, 'p'));
    expect(await everybody()).toBe(before);
  });

  it('is refused when it asks for nothing that there is', async () => {
    for (const body of ['', 'choice=destroy', 'List-Unsubscribe=one-click', 'List-Unsubscribe=', '%00=%ff&&&=']) {
      await expectRefused(postRaw(body, URLENCODED));
      await expectRefused(postRaw(body, URLENCODED, 'p'));
    }
    expect(await everybody()).toBe(before);
  });

  it('is not a form of another method', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status } = await door.door.fetch(new Request(`https://news.example.org/u/${door.token(1)}`, { method }));
      expect(status).toBe(404);
    }
    expect(await everybody()).toBe(before);
  });
});

describe('what is logged', () => {
  it('holds no token and no address', async () => {
    await door.post(`/u/${door.token(2)}`, ONE_CLICK);
    const logged = JSON.stringify(door.events);
    expect(logged).not.toContain(door.token(2));
    expect(logged).not.toMatch(/bob@|ann@|nothing/i);
    expect(door.events.map(({ event }) => event)).toContain('subscription.ended');
  });
});
