import PostalMime from 'postal-mime';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/domain/ports/mail.js';
import type { NewSignUp } from '../../src/domain/sign-up.js';
import { ACCEPTED } from '../support/app-context.js';
import { DAY_MS } from '../support/builders.js';
import { aPublicSite, type Fields, type TestSite } from '../support/public-site.js';

let site: TestSite;
beforeEach(async () => {
  site = await aPublicSite({
    newsletter: { confirmationSender: { name: 'Doorman', address: 'door@fourth-floor.example.org' } },
  });
});

async function stamp(path = '/s/weekly'): Promise<string> {
  return /name="stamp" value="([^"]+)"/.exec(await (await site.get(path)).text())?.[1] ?? '';
}

/** Fills in the form as a person does, some seconds after it was shown. */
async function signUp(fields: Fields = {}, headers = {}): Promise<Response> {
  const shown = await stamp();
  site.deps.clock.advance(5_000);
  return site.post(
    '/s/weekly',
    { address: 'new@example.org', name: '', website: '', stamp: shown, ...fields },
    headers,
  );
}

const parsed = ({ content }: Message) => PostalMime.parse(Buffer.concat(content));

async function confirmPath(nth = -1): Promise<string> {
  const message = (await site.mails()).at(nth);
  if (!message) throw new Error('no mail');
  const url = /https:\/\/news\.example\.org(\/c\/[\w-]+)/.exec((await parsed(message)).text ?? '')?.[1];
  if (url === undefined) throw new Error('no link');
  return url;
}

function aRequest(address: string, at: Date): NewSignUp {
  const asked = { at, form: '', text: '', textVersion: '', ip: '192.0.2.1', userAgent: '' };
  const who = { address, addressKey: address, name: '', language: 'en', preferences: undefined };
  return { purpose: 'sign-up', newsletter: 'weekly', ...who, asked };
}

const find = (address: string) => site.deps.store.audience.find(address);

describe('signing up', () => {
  it('sends one mail, and subscribes the reader who presses its button', async () => {
    expect(await (await signUp({ name: 'Nora', category: ['chemistry'] })).text()).toContain('check your mailbox');
    const path = await confirmPath();
    const page = await site.get(path);
    expect(await page.text()).toContain('new@example.org');
    expect(await find('new@example.org')).toBeUndefined();
    const answer = await site.post(path, { confirm: 'yes' }, { 'User-Agent': 'Phone', 'X-Forwarded-For': '192.0.2.9' });
    expect(await answer.text()).toContain('You are subscribed');
    expect(await find('new@example.org')).toMatchObject({
      subscriber: { name: 'Nora' },
      subscriptions: [{ newsletter: 'weekly', state: 'active', preferences: ['chemistry'] }],
    });
  });

  it('mails from its own sender, in two parts, without list headers', async () => {
    await signUp();
    const [message] = await site.mails();
    if (!message) throw new Error('no mail');
    const mail = await parsed(message);
    expect(mail.from).toEqual({ name: 'Doorman', address: 'door@fourth-floor.example.org' });
    expect(mail.subject).toContain('Please confirm');
    expect([mail.text, mail.html].every((part) => part?.includes('/c/'))).toBe(true);
    const names = mail.headers.map(({ key }) => key);
    expect(names.filter((name) => name.startsWith('list-'))).toEqual([]);
    expect(names).toContain('auto-submitted');
    expect(mail.html).not.toMatch(/<img/);
  });

  it('greets nobody by the name a visitor typed, neither in the mail nor in its reminder', async () => {
    const typed = { name: 'Win a prize at evil-example', frequency: 'evil-frequency', language: 'evil-language' };
    await signUp({ ...typed, category: ['evil-category'] });
    await site.mails();
    site.deps.clock.advance(3 * DAY_MS);
    await site.deps.readers.site().mailSignUps();
    const mails = await site.mails();
    expect(mails).toHaveLength(2);
    for (const { content, envelope } of mails) {
      expect(envelope.to).toBe('new@example.org');
      const { headers, subject, text, html, to } = await PostalMime.parse(Buffer.concat(content));
      expect(text).toContain('Hello,');
      expect(JSON.stringify([headers, subject, text, html, to])).not.toMatch(/evil|prize/);
    }
  });

  it('stores the evidence of consent: what was said, when, where and by whom', async () => {
    await signUp({}, { 'User-Agent': 'Browser', 'X-Forwarded-For': '192.0.2.7' });
    await site.post(await confirmPath(), { confirm: 'yes' }, { 'User-Agent': 'Phone', 'X-Forwarded-For': '192.0.2.8' });
    expect(await site.deps.store.signUps.evidence('new@example.org')).toMatchObject([
      {
        address: 'new@example.org',
        language: 'en',
        asked: {
          form: 'https://news.example.org/s/weekly',
          text: expect.stringContaining('By subscribing you ask us'),
          textVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
          ip: '192.0.2.7',
          userAgent: 'Browser',
        },
        mailed: { messageId: expect.stringMatching(/^<.+>$/), textVersion: expect.any(String) },
        confirmed: { ip: '192.0.2.8', userAgent: 'Phone' },
      },
    ]);
  });

  it('answers the same whether the address is known, suppressed or new', async () => {
    await site.deps.store.audience.suppress('bad@example.org', 'complaint', site.deps.clock.now());
    const bodies = [];
    for (const address of ['ann@example.org', 'bad@example.org', 'new@example.org', 'bob@EXAMPLE.org']) {
      const answer = await signUp({ address });
      bodies.push(`${answer.status} ${await answer.text()}`);
    }
    expect(new Set(bodies).size).toBe(1);
    expect((await site.mails()).map(({ envelope }) => envelope.to).sort()).toEqual([
      'ann@example.org',
      'bob@example.org',
      'new@example.org',
    ]);
  });

  it('sends mail only after the answer, so that the answer takes equally long for every address', async () => {
    await signUp();
    // The mail is written behind the answer: what was done before it is one row, the same for all.
    expect((await site.mails()).length).toBe(1);
    expect(await site.deps.store.signUps.toMail(site.deps.clock.now(), new Date(0), 10)).toEqual([]);
  });

  it('sends an address at most one mail a day, whatever is asked', async () => {
    for (let nth = 0; nth < 4; nth += 1) {
      await signUp({ address: 'New@example.org', name: `${nth}` });
      expect((await site.mails()).length).toBe(1);
    }
    site.deps.clock.advance(DAY_MS);
    await signUp({ address: 'other@example.org' });
    const to = (await site.mails()).map(({ envelope }) => envelope.to);
    expect(to.sort()).toEqual(['New@example.org', 'New@example.org', 'other@example.org']);
  });

  it('subscribes an unsubscribed reader again once they confirm', async () => {
    await site.deps.store.audience.unsubscribe('weekly', 1);
    await signUp({ address: 'ann@example.org' });
    await site.post(await confirmPath(), { confirm: 'yes' });
    expect((await find('ann@example.org'))?.subscriptions[0]?.state).toBe('active');
  });

  it('accepts international addresses and refuses others, with the form as it was', async () => {
    expect((await signUp({ address: 'дима@пошта.example.org' })).status).toBe(200);
    for (const address of [
      '',
      'nobody',
      'a@b',
      'a b@example.org',
      'a@example.org\r\nBcc: x@example.org',
      `${'a'.repeat(300)}@example.org`,
    ]) {
      const answer = await signUp({ address, name: 'Nora' });
      expect(answer.status).toBe(400);
      const page = await answer.text();
      expect(page).toContain('Please check the address');
      expect(page).toContain('value="Nora"');
    }
    expect((await site.mails()).length).toBe(1);
  });

  it('escapes what was entered', async () => {
    const page = await (await signUp({ address: 'x', name: '"><script>alert(1)</script>' })).text();
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
  });

  it('stores nothing of a form with the hidden field filled in, and does not say so', async () => {
    const honest = await (await signUp({ address: 'a@example.org' })).text();
    expect(await (await signUp({ website: 'https://spam.example.com' })).text()).toBe(honest);
    expect((await site.mails()).map(({ envelope }) => envelope.to)).toEqual(['a@example.org']);
  });

  it('asks again when the form comes back at once, without a stamp, or with a forged one', async () => {
    const shown = await stamp();
    const other = shown.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const given of [shown, '', other]) {
      const page = await (await site.post('/s/weekly', { address: 'new@example.org', stamp: given })).text();
      expect(page).toContain('press the button again');
      expect(page).toContain('value="new@example.org"');
    }
    expect(await site.mails()).toEqual([]);
  });

  it('has no form for an unknown newsletter', async () => {
    expect((await site.get('/s/nothing')).status).toBe(404);
    expect((await site.post('/s/nothing', { address: 'new@example.org' })).status).toBe(404);
  });
});

describe('the confirmation', () => {
  it('says so when a link was used before, and changes nothing', async () => {
    await signUp();
    const path = await confirmPath();
    await site.post(path, { confirm: 'yes' });
    const [reader] = (await find('new@example.org'))?.subscriptions ?? [];
    await site.deps.store.audience.unsubscribe('weekly', (await find('new@example.org'))?.subscriber.id ?? 0);
    expect(await (await site.post(path, { confirm: 'yes' })).text()).toContain('Already confirmed');
    expect(await (await site.get(path)).text()).toContain('Already confirmed');
    expect(reader?.state).toBe('active');
    expect((await find('new@example.org'))?.subscriptions[0]?.state).toBe('unsubscribed');
  });

  it('expires after a week', async () => {
    await signUp();
    const path = await confirmPath();
    site.deps.clock.advance(7 * DAY_MS + 1);
    expect(await (await site.get(path)).text()).toContain('This link has expired');
    expect(await (await site.post(path, { confirm: 'yes' })).text()).toContain('This link has expired');
    expect(await find('new@example.org')).toBeUndefined();
  });

  it('changes nothing by GET, because scanners follow links', async () => {
    await signUp();
    const path = await confirmPath();
    for (let nth = 0; nth < 3; nth += 1) expect((await site.get(path)).status).toBe(200);
    expect(await find('new@example.org')).toBeUndefined();
  });

  it('has one reminder, and is deleted after two weeks', async () => {
    await signUp();
    await site.mails();
    const rounds = [];
    for (const days of [1, 3, 1, 5, 5]) {
      site.deps.clock.advance(days * DAY_MS);
      rounds.push(await site.deps.readers.site().mailSignUps());
    }
    expect(rounds.map(({ reminded, forgotten }) => [reminded, forgotten])).toEqual([
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 0],
      [0, 1],
    ]);
    const reminder = (await site.mails()).at(1);
    expect(reminder && (await parsed(reminder)).subject).toContain('Reminder');
  });

  it('waits when the server says later, and is mailed a minute later', async () => {
    site.deps.wire.answer = () => ({ kind: 'deferred', scope: 'recipient', reply: { code: 450, text: 'greylisted' } });
    await signUp();
    await site.mails();
    site.deps.wire.answer = () => ACCEPTED;
    expect(await site.deps.readers.site().mailSignUps()).toMatchObject({ mailed: 0 });
    site.deps.clock.advance(60_000);
    expect(await site.deps.readers.site().mailSignUps()).toMatchObject({ mailed: 1 });
    await site.post(await confirmPath(), { confirm: 'yes' });
    expect((await find('new@example.org'))?.subscriptions[0]?.state).toBe('active');
  });

  it.each([
    ['connection', 1],
    ['configuration', 1],
    ['message', 3],
  ] as const)('of a %s at fault tries %i mail of three, and all of them later', async (scope, tried) => {
    const reply = { code: 450, text: 'not now' };
    site.deps.wire.answer = () => ({ kind: 'deferred', scope, reply });
    for (const nth of [1, 2, 3]) {
      await site.deps.store.signUps.ask(aRequest(`a${nth}@example.org`, site.deps.clock.now()));
    }
    await site.deps.readers.site().mailSignUps();
    expect(site.deps.wire.messages).toHaveLength(tried);
    site.deps.wire.answer = () => ACCEPTED;
    site.deps.clock.advance(60_000);
    expect(await site.deps.readers.site().mailSignUps()).toMatchObject({ mailed: 3 });
  });

  it('is not sent again, nor its reminder, when there is no such mailbox', async () => {
    const gone = { kind: 'rejected', scope: 'recipient', bounce: 'hard', reply: { code: 550, text: 'no' } } as const;
    site.deps.wire.answer = (_message, nth) => (nth === 1 ? gone : ACCEPTED);
    await signUp({ address: 'nobody@example.org' });
    await site.mails();
    await signUp();
    await site.mails();
    site.deps.wire.answer = () => gone;
    for (const days of [4, 1, 1]) {
      site.deps.clock.advance(days * DAY_MS);
      await site.deps.readers.site().mailSignUps();
    }
    expect(site.deps.wire.messages.map(({ envelope }) => envelope.to)).toEqual([
      'nobody@example.org',
      'new@example.org',
      'new@example.org',
    ]);
  });

  it('is sent no faster than the operator allows', async () => {
    const slow = await aPublicSite({ rate: { perSecond: 1 } });
    for (const nth of [1, 2, 3]) {
      await slow.deps.store.signUps.ask(aRequest(`a${nth}@example.org`, slow.deps.clock.now()));
    }
    const begun = slow.deps.clock.now().getTime();
    expect(await slow.deps.readers.site().mailSignUps()).toMatchObject({ mailed: 3 });
    expect(slow.deps.clock.now().getTime() - begun).toBeGreaterThanOrEqual(1_000);
  });

  it('leaves no token and no address in the log', async () => {
    await signUp();
    const token = (await confirmPath()).slice(3);
    await site.post(`/c/${token}`, { confirm: 'yes' });
    const logged = JSON.stringify(site.events);
    expect(site.events.map(({ event }) => event)).toEqual(['confirmation.mailed', 'sign-up.confirmed']);
    expect(logged).not.toContain(token);
    expect(logged).not.toContain('new@example.org');
  });
});
