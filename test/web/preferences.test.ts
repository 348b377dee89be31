import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../support/builders.js';
import { aDoor, type Fields, type TestDoor, textOfMessage } from '../support/public-site.js';

let door: TestDoor;
beforeEach(async () => {
  door = await aDoor({ others: [{ id: 'monthly', title: 'Monthly', schedule: '0 8 1 * *' }] });
});

const post = (fields: Fields, subscriber = 1) => door.post(`/p/${door.token(subscriber)}`, fields);
const ann = () => door.deps.store.audience.person(1);

describe('the preferences page', () => {
  it('takes categories, newsletters, name and language at once', async () => {
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
        { newsletter: 'monthly', state: 'active', wishes: undefined },
        { newsletter: 'weekly', state: 'active', wishes: ['software'] },
      ],
    });
    await post({ part: 'wishes', wish: 'everything', newsletter: ['weekly'], language: 'xx-unknown' });
    expect((await ann())?.subscriptions).toMatchObject([
      { state: 'unsubscribed' },
      { state: 'active', wishes: undefined },
    ]);
  });

  it('takes ticked boxes for a choice where everything was chosen before, and asks again when none is ticked', async () => {
    const wishes = async () => (await ann())?.subscriptions.find(({ newsletter }) => newsletter === 'weekly')?.wishes;
    await post({
      part: 'wishes',
      wish: 'everything',
      category: ['software', 'other'],
      newsletter: ['weekly'],
      name: 'Ann',
    });
    expect(await wishes()).toEqual(['other', 'software']);
    const none = await post({ part: 'wishes', wish: 'only', newsletter: ['weekly'], name: 'Anna' });
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining('tick at least one category')]);
    expect(await ann()).toMatchObject({ subscriber: { name: 'Ann' } });
    await post({ part: 'wishes', wish: 'everything', category: ['software'], newsletter: ['weekly'] });
    expect(await wishes()).toBeUndefined();
  });

  it('brings a reader back who had left the only newsletter there is', async () => {
    const alone = await aDoor();
    await alone.post(`/u/${alone.token(1)}`, { 'List-Unsubscribe': 'One-Click' });
    const page = await (await alone.get(`/p/${alone.token(1)}`)).text();
    expect(page).toMatch(/name="newsletter" value="weekly">/);
    await alone.post(`/p/${alone.token(1)}`, { part: 'wishes', wish: 'everything', newsletter: ['weekly'] });
    expect((await alone.deps.store.audience.person(1))?.subscriptions).toMatchObject([{ state: 'active' }]);
  });

  it('leads to where everything can be stopped, as long as anything is sent', async () => {
    const consent = { source: 'x', at: new Date(0) };
    await door.deps.store.audience.subscribe('monthly', 1, { wishes: undefined, consent });
    await door.post(`/u/${door.token(1)}`, { choice: 'this' });
    const page = await (await door.get(`/p/${door.token(1)}`)).text();
    expect(page).toContain(`href="/u/${door.token(1)}#everything"`);
    expect(await (await door.get(`/u/${door.token(1)}`)).text()).toContain('id="everything"');
  });

  it('pauses until the beginning of a day in the newsletter’s zone, and resumes', async () => {
    expect(await (await post({ part: 'pause', until: '2026-07-01' })).text()).toContain('Paused.');
    expect((await ann())?.subscriptions[0]?.pausedUntil).toEqual(new Date('2026-06-30T23:00:00Z'));
    for (const until of ['', '2026-06-14', '2031-01-01', '2026-02-30', 'tomorrow', '2026-13-01'])
      expect(await (await post({ part: 'pause', until })).text(), until).toContain('Please choose a day');
    expect((await ann())?.subscriptions[0]?.pausedUntil).toEqual(new Date('2026-06-30T23:00:00Z'));
    await post({ part: 'resume' });
    expect((await ann())?.subscriptions[0]?.pausedUntil).toBeUndefined();
  });

  it('changes an address only once the new mailbox has said so', async () => {
    expect(await (await post({ part: 'address', address: 'Anna@example.net' })).text()).toContain('new mailbox');
    const [mail] = await door.mails();
    expect(mail?.envelope.to).toBe('Anna@example.net');
    expect((await ann())?.subscriber.address).toBe('Ann@example.org');
    const token = /\/c\/([\w-]+)/.exec(mail ? textOfMessage(mail).replace(/=\r\n/g, '') : '')?.[1] ?? '';
    expect(await (await door.post(`/c/${token}`, { confirm: 'yes' })).text()).toContain('Your address is changed');
    expect((await ann())?.subscriber.address).toBe('Anna@example.net');
    expect(await (await door.post(`/c/${token}`, { confirm: 'yes' })).text()).toContain('Already confirmed');
  });

  it('never takes another subscriber’s address, and does not tell that there is one before its owner looks', async () => {
    const free = await (await post({ part: 'address', address: 'free@example.org' })).text();
    expect(await (await post({ part: 'address', address: 'bob@example.org' })).text()).toBe(free);
    const mail = (await door.mails()).find(({ envelope }) => envelope.to === 'bob@example.org');
    const token = /\/c\/([\w-]+)/.exec(mail ? textOfMessage(mail).replace(/=\r\n/g, '') : '')?.[1] ?? '';
    expect(await (await door.post(`/c/${token}`, { confirm: 'yes' })).text()).toContain('was not changed');
    expect((await ann())?.subscriber.address).toBe('Ann@example.org');
  });

  it('gives everything that is kept, as JSON, to the one with the link', async () => {
    const answer = await door.get(`/p/${door.token(1)}/data`);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      subscriber: { address: 'Ann@example.org', name: 'Ann' },
      subscriptions: [{ newsletter: 'weekly', state: 'active', consent: { source: 'test' } }],
      evidence: [],
      deliveries: [],
    });
  });

  it('erases only who is sure, and leaves a keyed hash alone', async () => {
    expect((await post({ part: 'erase' })).status).toBe(400);
    expect(await ann()).toBeDefined();
    expect(await (await post({ part: 'erase', sure: 'yes' })).text()).toContain('Everything about you is erased');
    expect(await ann()).toBeUndefined();
    expect((await door.get(`/p/${door.token(1)}`)).status).toBe(404);
    const kept = [];
    for await (const each of door.deps.store.audience.suppressions()) kept.push(each);
    expect(kept).toMatchObject([{ reason: 'erased', addressKey: expect.stringMatching(/^erased:[0-9a-f]{32}$/) }]);
    expect(JSON.stringify(kept)).not.toContain('ann');
  });

  it('lets who was erased sign up again by their own word', async () => {
    await post({ part: 'erase', sure: 'yes' });
    const stamp = /name="stamp" value="([^"]+)"/.exec(await (await door.get('/s/weekly')).text())?.[1] ?? '';
    door.deps.clock.advance(5_000);
    await door.post('/s/weekly', { address: 'ann@example.org', stamp });
    expect((await door.mails()).map(({ envelope }) => envelope.to)).toEqual(['ann@example.org']);
  });

  it('changes nothing by GET', async () => {
    const before = JSON.stringify(await ann());
    for (const query of ['', '?part=erase&sure=yes', '?part=resume']) await door.get(`/p/${door.token(1)}${query}`);
    door.deps.clock.advance(DAY_MS);
    expect(JSON.stringify(await ann())).toBe(before);
  });
});
