import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openSqliteStore } from '../../src/store/index.js';
import { openSqliteConnection, type SqliteOptions } from '../../src/store/sqlite.js';
import { aPost } from '../support/builders.js';
import { aPublicSite, type TestSite } from '../support/public-site.js';

const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

let site: TestSite;
beforeEach(async () => {
  site = await aPublicSite({ others: [{ id: 'monthly', title: 'Monthly', schedule: '0 8 1 * *' }] });
});

let folder: string;
const opened: { close(): unknown }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-clicks-'));
});
afterAll(async () => {
  for (const each of opened) await each.close();
  await rm(folder, { recursive: true });
});

/** A site whose database is a file, and another process that locks it. */
async function onDisk(options: SqliteOptions) {
  const path = join(folder, `${opened.length}.db`);
  const store = await openSqliteStore({ path, ...options });
  const other = openSqliteConnection(path);
  opened.push(other, store);
  const own = await aPublicSite({ store });
  const page = `/u/${own.token(1)}`;
  return {
    clickAt: () => own.post(page, ONE_CLICK),
    show: () => own.get(page),
    state: async () => (await store.audience.person(1))?.subscriptions[0]?.state,
    lock: () => other.exec('begin immediate'),
    unlock: () => other.exec('commit'),
  };
}

const stateOf = async (address: string, newsletter = 'weekly') => {
  const found = await site.deps.store.audience.find(address);
  return found?.subscriptions.find((each) => each.newsletter === newsletter)?.state;
};

describe('one-click unsubscribing (RFC 8058)', () => {
  it.each([
    ['urlencoded, as Gmail sends it', 'post'],
    ['multipart, as Yahoo sends it', 'postMultipart'],
  ] as const)('ends the subscription by a POST, %s', async (_, how) => {
    const answer = await site[how](`/u/${site.token(1)}`, ONE_CLICK);
    expect(answer.status).toBe(200);
    expect(answer.redirected).toBe(false);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('location')).toBeNull();
    expect(await stateOf('ann@example.org')).toBe('unsubscribed');
    expect(await stateOf('bob@example.org')).toBe('active');
  });

  it.each([
    ['with a line end behind it', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click\r\n'],
    ['in another case', 'application/x-www-form-urlencoded', 'list-unsubscribe=one-click'],
    ['with other fields', 'application/x-www-form-urlencoded', 'a=b&List-Unsubscribe=One-Click'],
    ['without a type', undefined, 'List-Unsubscribe=One-Click'],
    [
      'as multipart with bare line feeds',
      'multipart/form-data; boundary=x',
      '--x\nContent-Disposition: form-data; name="List-Unsubscribe"\n\nOne-Click\n--x--\n',
    ],
    [
      'as multipart with a preamble',
      'multipart/form-data; boundary=x',
      'This is a form.\r\n--x\r\nContent-Disposition: form-data; name=List-Unsubscribe\r\n\r\nOne-Click\r\n--x--',
    ],
  ])('ends the subscription by a POST %s', async (_, type, body) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    const bytes = new TextEncoder().encode(body);
    const request = new Request(`https://news.example.org/u/${site.token(1)}`, {
      method: 'POST',
      body: bytes,
      headers,
    });
    expect((await site.app.fetch(request)).status).toBe(200);
    expect(await stateOf('ann@example.org')).toBe('unsubscribed');
  });

  it.each([
    '',
    'List-Unsubscribe=No',
    'x=List-Unsubscribe=One-Click',
    'Content-Disposition: form-data; name="other"\n\nOne-Click',
  ])('does nothing for the body %j', async (body) => {
    const bytes = new TextEncoder().encode(body);
    const request = new Request(`https://news.example.org/u/${site.token(1)}`, { method: 'POST', body: bytes });
    expect((await site.app.fetch(request)).status).toBe(415);
    expect(await stateOf('ann@example.org')).toBe('active');
  });

  it('waits for a process that has the database locked, and answers other requests meanwhile', async () => {
    const { clickAt, show, lock, unlock } = await onDisk({});
    lock();
    const answer = clickAt();
    expect((await show()).status).toBe(200);
    unlock();
    expect((await answer).status).toBe(200);
  });

  it('answers that it may be tried later when the database stays locked, and nothing is lost', async () => {
    const { clickAt, lock, unlock, state } = await onDisk({ patienceMs: 20 });
    lock();
    const answer = await clickAt();
    expect([answer.status, answer.headers.get('Retry-After'), await state()]).toEqual([503, '60', 'active']);
    unlock();
    expect([(await clickAt()).status, await state()]).toEqual([200, 'unsubscribed']);
  });

  it('gives the same answer every time', async () => {
    const statuses = [];
    for (let nth = 0; nth < 3; nth += 1) statuses.push((await site.post(`/u/${site.token(1)}`, ONE_CLICK)).status);
    expect(statuses).toEqual([200, 200, 200]);
  });

  it('answers 200 also for a reader who was erased', async () => {
    await site.deps.store.audience.erase(1, 'erased:x', site.deps.clock.now());
    expect((await site.post(`/u/${site.token(1)}`, ONE_CLICK)).status).toBe(200);
  });

  it('needs no redirect for a trailing slash', async () => {
    expect((await site.post(`/u/${site.token(1)}/`, ONE_CLICK)).status).toBe(200);
    expect(await stateOf('ann@example.org')).toBe('unsubscribed');
  });

  it('changes nothing by GET or HEAD, which show a page with a button', async () => {
    const page = await site.get(`/u/${site.token(1)}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<form method="post">[\s\S]*<button[^>]*value="this"/);
    const head = await site.app.fetch(new Request(`https://news.example.org/u/${site.token(1)}`, { method: 'HEAD' }));
    expect(head.status).toBe(200);
    expect(await stateOf('ann@example.org')).toBe('active');
  });

  it('takes effect before the next message, even while an issue is being sent', async () => {
    const posts = [aPost({ publishedAt: new Date('2026-06-14T08:00:00Z') })];
    const sending = await aPublicSite({ posts });
    const { deps } = sending;
    let clicked = false;
    deps.wire.answer = async () => {
      if (!clicked) await sending.post(`/u/${sending.token(2)}`, ONE_CLICK);
      clicked = true;
      return { kind: 'accepted', reply: { code: 250, text: 'ok' } };
    };
    const oneByOne = openUseCases({ ...deps, transport: () => ({ ...deps.wire, connections: 1 }) });
    const [newsletter] = deps.newsletters.values();
    if (!newsletter) throw new Error('no newsletter');
    await oneByOne.sending.sendNext({
      newsletter: { ...newsletter, onSourceFailure: { kind: 'stop' } },
      confirm: async () => true,
    });
    expect((await deps.store.audience.find('bob@example.org'))?.subscriptions[0]?.state).toBe('unsubscribed');
    expect(deps.wire.messages.map(({ envelope }) => envelope.to)).toEqual(['Ann@example.org']);
  });

  it('is never limited: mailbox providers post from few addresses', async () => {
    const narrow = await aPublicSite({ perClient: 1, perMailbox: 1 });
    for (let nth = 0; nth < 5; nth += 1)
      expect((await narrow.post(`/u/${narrow.token(1)}`, ONE_CLICK)).status).toBe(200);
  });
});

describe('the page behind the link', () => {
  it('unsubscribes from this newsletter only', async () => {
    await site.deps.store.audience.subscribe('monthly', 1, {
      preferences: undefined,
      consent: { source: 'x', at: new Date(0) },
    });
    const page = await (await site.post(`/u/${site.token(1)}`, { choice: 'this' })).text();
    expect(page).toContain('You are unsubscribed');
    expect([await stateOf('ann@example.org'), await stateOf('ann@example.org', 'monthly')]).toEqual([
      'unsubscribed',
      'active',
    ]);
  });

  it('unsubscribes from everything, and can be undone for a while', async () => {
    await site.deps.store.audience.subscribe('monthly', 2, {
      preferences: undefined,
      consent: { source: 'x', at: new Date(0) },
    });
    const page = await (await site.post(`/u/${site.token(2)}`, { choice: 'everything' })).text();
    expect([await stateOf('bob@example.org'), await stateOf('bob@example.org', 'monthly')]).toEqual([
      'unsubscribed',
      'unsubscribed',
    ]);
    // Its button is not where the one was that led here.
    expect(page).toMatch(/href="\/p\/[\s\S]*<form class="apart" method="post">\s*<input type="hidden" name="undo"/);
    const undo = /name="undo" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const back = await site.post(`/u/${site.token(2)}`, { choice: 'undo', undo });
    expect(await back.text()).toContain('You are subscribed again');
    const bob = await site.deps.store.audience.find('bob@example.org');
    expect(bob?.subscriptions).toMatchObject([
      { newsletter: 'monthly', state: 'active', preferences: undefined },
      { newsletter: 'weekly', state: 'active', preferences: ['chemistry'] },
    ]);
  });

  it('cannot be undone an hour later, or with another reader’s stamp', async () => {
    const page = await (await site.post(`/u/${site.token(1)}`, { choice: 'this' })).text();
    const undo = /name="undo" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await site.post(`/u/${site.token(2)}`, { choice: 'this' });
    expect((await site.post(`/u/${site.token(2)}`, { choice: 'undo', undo })).status).toBe(400);
    site.deps.clock.advance(61 * 60_000);
    const late = await site.post(`/u/${site.token(1)}`, { choice: 'undo', undo });
    expect([late.status, await late.text()]).toEqual([400, expect.stringContaining('can no longer be undone')]);
    expect([await stateOf('ann@example.org'), await stateOf('bob@example.org')]).toEqual([
      'unsubscribed',
      'unsubscribed',
    ]);
  });

  it('keeps only the chosen categories, and asks again when none is chosen', async () => {
    const none = await site.post(`/u/${site.token(1)}`, { choice: 'only', category: [] });
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining('tick at least one category')]);
    const page = await site.post(`/u/${site.token(1)}`, { choice: 'only', category: ['software', 'other', 'no-such'] });
    expect(page.status).toBe(200);
    const ann = await site.deps.store.audience.find('ann@example.org');
    expect(ann?.subscriptions[0]).toMatchObject({ state: 'active', preferences: ['other', 'software'] });
  });

  it('does not bring back a newsletter that its reader has unsubscribed from since, and says so', async () => {
    await site.post(`/u/${site.token(1)}`, ONE_CLICK);
    const answer = await site.post(`/u/${site.token(1)}`, { choice: 'only', category: ['software'] });
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain('is not subscribed to');
    expect(page).not.toContain('name="category"');
    expect(await stateOf('ann@example.org')).toBe('unsubscribed');
  });

  it('creates no consent by undoing', async () => {
    const { audience } = site.deps.store;
    const pending = { address: 'bob@example.org', addressKey: 'bob@example.org', name: '', preferences: undefined };
    const consent = { source: 'import', at: new Date(0) };
    await audience.add('monthly', [{ ...pending, state: 'pending', consent }], site.deps.clock.now());
    const page = await (await site.post(`/u/${site.token(2)}`, { choice: 'everything' })).text();
    const undo = /name="undo" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await site.post(`/u/${site.token(2)}`, { choice: 'undo', undo });
    expect([await stateOf('bob@example.org'), await stateOf('bob@example.org', 'monthly')]).toEqual([
      'active',
      'unsubscribed',
    ]);
  });

  it('tells an erased reader that they get no mail', async () => {
    await site.deps.store.audience.erase(1, 'erased:x', site.deps.clock.now());
    const answer = await site.get(`/u/${site.token(1)}`);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('You get no mail from us')]);
    expect((await site.post(`/u/${site.token(1)}`, { choice: 'this' })).status).toBe(200);
  });

  it('says where the link is when there is no token, as from the archive', async () => {
    expect(await (await site.get('/u')).text()).toContain('Please use the link in your mail');
  });

  it('shows the address as the page of preferences does, and is neither cached nor indexed', async () => {
    const page = await site.get(`/u/${site.token(1)}`);
    expect(await page.text()).toContain('Ann@example.org');
    expect(await (await site.get(`/p/${site.token(1)}`)).text()).toContain('Ann@example.org');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-robots-tag')).toContain('noindex');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'self'/);
  });
});
