import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../support/builders.js';
import { aPublicSite, type Fields, type TestSite, textOfMessage } from '../support/public-site.js';

let site: TestSite;
beforeEach(async () => {
  site = await aPublicSite({ others: [{ id: 'monthly', title: 'Monthly', schedule: '0 8 1 * *' }] });
});

const post = (fields: Fields, subscriber = 1) => site.post(`/p/${site.token(subscriber)}`, fields);
const ann = () => site.deps.store.audience.person(1);

describe('the preferences page', () => {
  it('answers a form with a redirect, so that Back sends nothing again', async () => {
    const request = (body: URLSearchParams) =>
      site.app.fetch(new Request(`https://news.example.org/p/${site.token(1)}`, { method: 'POST', body }));
    const answer = await request(new URLSearchParams({ part: 'pause', until: '2026-07-01' }));
    const location = answer.headers.get('Location') ?? '';
    expect([answer.status, location]).toEqual([303, `/p/${site.token(1)}?done=paused`]);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(await (await site.get(location)).text()).toContain('role="status"');
    expect(await (await site.get(`/p/${site.token(1)}?done=nonsense`)).text()).not.toContain('role="status"');
    expect((await request(new URLSearchParams({ part: 'pause', until: 'soon' }))).status).toBe(400);
  });

  it.each(['9999-12-31', '0001-01-01', '2300-01-01'])('refuses a pause until %s', async (until) => {
    const answer = await post({ part: 'pause', until });
    expect(answer.status).toBe(400);
    expect((await ann())?.subscriptions[0]?.pausedUntil).toBeUndefined();
  });

  it('saves categories, newsletters, name and language at once', async () => {
    const answer = await post({
      part: 'wishes',
      wish: 'only',
      category: ['software', 'no-such'],
      newsletter: ['weekly', 'monthly', 'no-such'],
      name: 'Anna\r\nBcc: x@example.org',
      language: 'de',
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Gespeichert.');
    expect(await ann()).toMatchObject({
      subscriber: { name: 'Anna Bcc: x@example.org', language: 'de' },
      subscriptions: [
        { newsletter: 'monthly', state: 'active', preferences: undefined },
        { newsletter: 'weekly', state: 'active', preferences: ['software'] },
      ],
    });
    await post({ part: 'wishes', wish: 'everything', newsletter: ['weekly'], language: 'xx-unknown' });
    expect((await ann())?.subscriptions).toMatchObject([
      { state: 'unsubscribed' },
      { state: 'active', preferences: undefined },
    ]);
  });

  it('treats ticked boxes as a choice after “everything”, and asks again when none is ticked', async () => {
    const preferences = async () =>
      (await ann())?.subscriptions.find(({ newsletter }) => newsletter === 'weekly')?.preferences;
    await post({
      part: 'wishes',
      wish: 'everything',
      category: ['software', 'other'],
      newsletter: ['weekly'],
      name: 'Ann',
    });
    expect(await preferences()).toEqual(['other', 'software']);
    const none = await post({ part: 'wishes', wish: 'only', newsletter: ['weekly'], name: 'Anna' });
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining('tick at least one category')]);
    expect(await ann()).toMatchObject({ subscriber: { name: 'Ann' } });
    await post({ part: 'wishes', wish: 'everything', category: ['software'], newsletter: ['weekly'] });
    expect(await preferences()).toBeUndefined();
  });

  it('subscribes a reader again who had unsubscribed from the only newsletter', async () => {
    const alone = await aPublicSite();
    await alone.post(`/u/${alone.token(1)}`, { 'List-Unsubscribe': 'One-Click' });
    const page = await (await alone.get(`/p/${alone.token(1)}`)).text();
    expect(page).toMatch(/name="newsletter" value="weekly">/);
    await alone.post(`/p/${alone.token(1)}`, { part: 'wishes', wish: 'everything', newsletter: ['weekly'] });
    expect((await alone.deps.store.audience.person(1))?.subscriptions).toMatchObject([{ state: 'active' }]);
  });

  it('links to unsubscribing from everything while the reader gets anything', async () => {
    const consent = { source: 'x', at: new Date(0) };
    await site.deps.store.audience.subscribe('monthly', 1, { preferences: undefined, consent });
    await site.post(`/u/${site.token(1)}`, { choice: 'this' });
    const page = await (await site.get(`/p/${site.token(1)}`)).text();
    expect(page).toContain(`href="/u/${site.token(1)}#everything"`);
    expect(await (await site.get(`/u/${site.token(1)}`)).text()).toContain('id="everything"');
  });

  it('pauses until the start of a day in the newsletter’s zone, and resumes', async () => {
    expect(await (await post({ part: 'pause', until: '2026-07-01' })).text()).toContain('Paused.');
    expect((await ann())?.subscriptions[0]?.pausedUntil).toEqual(new Date('2026-06-30T23:00:00Z'));
    for (const until of ['', '2026-06-14', '2031-01-01', '2026-02-30', 'tomorrow', '2026-13-01'])
      expect(await (await post({ part: 'pause', until })).text(), until).toContain('Please choose a day');
    expect((await ann())?.subscriptions[0]?.pausedUntil).toEqual(new Date('2026-06-30T23:00:00Z'));
    await post({ part: 'resume' });
    expect((await ann())?.subscriptions[0]?.pausedUntil).toBeUndefined();
  });

  it('changes an address only after the new mailbox confirms', async () => {
    expect(await (await post({ part: 'address', address: 'Anna@example.net' })).text()).toContain('new mailbox');
    const [mail] = await site.mails();
    expect(mail?.envelope.to).toBe('Anna@example.net');
    expect((await ann())?.subscriber.address).toBe('Ann@example.org');
    const token = /\/c\/([\w-]+)/.exec(mail ? textOfMessage(mail).replace(/=\r\n/g, '') : '')?.[1] ?? '';
    expect(await (await site.post(`/c/${token}`, { confirm: 'yes' })).text()).toContain(
      'Your address has been changed',
    );
    expect((await ann())?.subscriber.address).toBe('Anna@example.net');
    expect(await (await site.post(`/c/${token}`, { confirm: 'yes' })).text()).toContain('Already confirmed');
  });

  it('never takes another subscriber’s address, and only its owner learns that there is one', async () => {
    const free = await (await post({ part: 'address', address: 'free@example.org' })).text();
    expect(await (await post({ part: 'address', address: 'bob@example.org' })).text()).toBe(free);
    const mail = (await site.mails()).find(({ envelope }) => envelope.to === 'bob@example.org');
    const token = /\/c\/([\w-]+)/.exec(mail ? textOfMessage(mail).replace(/=\r\n/g, '') : '')?.[1] ?? '';
    expect(await (await site.post(`/c/${token}`, { confirm: 'yes' })).text()).toContain('was not changed');
    expect((await ann())?.subscriber.address).toBe('Ann@example.org');
  });

  it('gives everything stored, as JSON, to the holder of the link', async () => {
    const answer = await site.get(`/p/${site.token(1)}/data`);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      subscriber: { address: 'Ann@example.org', name: 'Ann' },
      subscriptions: [{ newsletter: 'weekly', state: 'active', consent: { source: 'test' } }],
      evidence: [],
      deliveries: [],
    });
  });

  it('erases only a reader who ticks the box, and keeps only a keyed hash', async () => {
    expect((await post({ part: 'erase' })).status).toBe(400);
    expect(await ann()).toBeDefined();
    expect(await (await post({ part: 'erase', sure: 'yes' })).text()).toContain('Everything about you has been erased');
    expect(await ann()).toBeUndefined();
    expect((await site.get(`/p/${site.token(1)}`)).status).toBe(404);
    const kept = [];
    for await (const each of site.deps.store.audience.suppressions()) kept.push(each);
    expect(kept).toMatchObject([{ reason: 'erased', addressKey: expect.stringMatching(/^erased:[0-9a-f]{32}$/) }]);
    expect(JSON.stringify(kept)).not.toContain('ann');
  });

  it('lets an erased reader sign up again themselves', async () => {
    await post({ part: 'erase', sure: 'yes' });
    const stamp = /name="stamp" value="([^"]+)"/.exec(await (await site.get('/s/weekly')).text())?.[1] ?? '';
    site.deps.clock.advance(5_000);
    await site.post('/s/weekly', { address: 'ann@example.org', stamp });
    expect((await site.mails()).map(({ envelope }) => envelope.to)).toEqual(['ann@example.org']);
  });

  it('changes nothing by GET', async () => {
    const before = JSON.stringify(await ann());
    for (const query of ['', '?part=erase&sure=yes', '?part=resume']) await site.get(`/p/${site.token(1)}${query}`);
    site.deps.clock.advance(DAY_MS);
    expect(JSON.stringify(await ann())).toBe(before);
  });
});
