import { afterEach, describe, expect, it, vi } from 'vitest';
import { addressFrom } from '../../src/domain/address.js';
import { type LimitOptions, openLimits } from '../../src/web/public/limits.js';
import { aPublicSite, type TestSite } from '../support/public-site.js';

afterEach(() => vi.useRealTimers());

/** Sends the form of the page as a person does; a stranger's client is told by a proxy on this host. */
async function ask(site: TestSite, address: string, ip: string, stamp?: string): Promise<number> {
  const shown = stamp ?? (await stampOf(site));
  const answer = await site.post('/s/weekly', { address, website: '', stamp: shown }, { 'X-Forwarded-For': ip });
  return answer.status;
}

async function stampOf(site: TestSite): Promise<string> {
  const stamp = /name="stamp" value="([^"]+)"/.exec(await (await site.get('/s/weekly')).text())?.[1] ?? '';
  site.deps.clock.advance(5_000);
  return stamp;
}

describe('the sign-up form', () => {
  it('is accepted a limited number of times from one client and for one mailbox', async () => {
    const site = await aPublicSite({ perMailbox: 2, perClient: 3 });
    const mailbox = [
      await ask(site, 'a@example.org', '203.0.113.1, 192.0.2.1'),
      await ask(site, 'A@example.org', '203.0.113.1, 192.0.2.2'),
      await ask(site, 'a@example.org', '203.0.113.1, 192.0.2.3'),
    ];
    expect(mailbox).toEqual([200, 200, 429]);
    const client = [];
    for (let nth = 1; nth <= 4; nth += 1) client.push(await ask(site, `b${nth}@example.org`, `2001:db8:1:2::${nth}`));
    expect(client).toEqual([200, 200, 200, 429]);
    expect(await ask(site, 'c@example.org', '2001:db8:1:3::1')).toBe(200);
  });

  it('counts the spellings of one mailbox together', async () => {
    const site = await aPublicSite({ perMailbox: 2 });
    const spellings = ['ann+1@example.net', 'ann+2@example.net', 'ann@example.net'];
    const statuses = [];
    for (const spelling of spellings) statuses.push(await ask(site, spelling, '192.0.2.1'));
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('does not count against a mailbox when the client is refused', async () => {
    const site = await aPublicSite({ perMailbox: 2, perClient: 3 });
    for (let nth = 0; nth < 3; nth += 1) await ask(site, `own${nth}@example.org`, '198.51.100.1');
    for (let nth = 0; nth < 5; nth += 1) expect(await ask(site, 'victim@example.org', '198.51.100.1')).toBe(429);
    expect(await ask(site, 'victim@example.org', '192.0.2.1')).toBe(200);
  });

  it('does not count against a mailbox when it causes no mail', async () => {
    const site = await aPublicSite({ perMailbox: 1 });
    for (let nth = 0; nth < 5; nth += 1) await ask(site, 'victim@example.org', '198.51.100.1', 'forged');
    expect(await ask(site, 'victim@example.org', '192.0.2.1')).toBe(200);
  });

  it('leaves no timer behind, accepted or refused', async () => {
    const site = await aPublicSite({ perMailbox: 1, perClient: 2 });
    const stamp = await stampOf(site);
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
    for (let nth = 0; nth < 200; nth += 1)
      await ask(site, `new${nth}@example.org`, `192.0.2.${Math.floor(nth / 50)}`, stamp);
    await site.app.settled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the language of a form', () => {
  it('is one that has a message file, whatever tags visitors ask for', async () => {
    const site = await aPublicSite({ newsletter: { language: 'en-GB' } });
    const asked = ['en-GB', 'en-x1', 'en-US', 'EN-Latn-ZA', 'de', 'de-AT', 'de-1996', 'DE', 'tlh', 'nonsense-a'];
    for (const [nth, language] of asked.entries()) {
      const stamp = await stampOf(site);
      const fields = { address: `new${nth}@example.org`, website: '', stamp };
      await site.post(`/s/weekly?lang=${language}`, fields);
    }
    await site.app.settled();
    const { signUps } = site.deps.store;
    const kept = asked.map(async (_, nth) => (await signUps.evidence(`new${nth}@example.org`))[0]?.language);
    expect(new Set(await Promise.all(kept))).toEqual(new Set(['en-GB', 'de']));
  });

  it('can be changed by a reader to one of those, and stays as imported otherwise', async () => {
    const site = await aPublicSite();
    await site.deps.store.audience.describe(1, { name: 'Ann', language: 'de-AT' });
    const language = async () => (await site.deps.store.audience.find('ann@example.org'))?.subscriber.language;
    const save = (tag: string) =>
      site.post(`/p/${site.token(1)}`, { part: 'wishes', wish: 'all', name: '', language: tag });
    await save('de-AT');
    expect(await language()).toBe('de-AT');
    await save('de-1996');
    expect(await language()).toBe('de');
  });
});

describe('a change of address', () => {
  it('with an invalid link does not count against a mailbox', async () => {
    const site = await aPublicSite({ perMailbox: 1 });
    const fields = { part: 'address', address: 'victim@example.org' };
    for (let nth = 0; nth < 3; nth += 1) expect((await site.post('/p/forged', fields)).status).toBe(404);
    expect((await site.post(`/p/${site.token(1)}`, fields)).status).toBe(200);
    expect((await site.post(`/p/${site.token(1)}`, fields)).status).toBe(429);
  });
});

describe('the counts of visitors', () => {
  const HOUR_MS = 3_600_000;
  const someAddress = (local: string) => addressFrom(`${local}@example.org`) ?? expect.unreachable();

  function someLimits(options: LimitOptions) {
    let at = Date.parse('2026-06-15T07:00:00Z');
    const advance = (ms: number) => {
      at += ms;
    };
    return { limits: openLimits(() => new Date(at), options), advance };
  }
  const ipv6 = (nth: number) => `2001:${(nth >> 16).toString(16)}:${(nth & 0xffff).toString(16)}::1`;

  it('are bounded, however many visitors there are', () => {
    const mostKept = 10_000;
    const { limits } = someLimits({ mostKept, perClient: 1, perMailbox: 1 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
    for (let nth = 0; nth < 200_000; nth += 1) {
      limits.mayClientAsk(ipv6(nth));
      limits.mayMail(someAddress(`reader${nth}`));
    }
    expect(limits.size).toBe(3 * mostKept);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keep refusing a client that goes on asking while others come', () => {
    const { limits } = someLimits({ mostKept: 100, perClient: 2 });
    const blocked = '198.51.100.1';
    limits.mayClientAsk(blocked);
    limits.mayClientAsk(blocked);
    for (let nth = 0; nth < 10_000; nth += 1) {
      limits.mayClientAsk(ipv6(nth));
      expect(limits.mayClientAsk(blocked)).toBe(false);
    }
  });

  it('refuse no new visitor because they are full', () => {
    const { limits } = someLimits({ mostKept: 100, perClient: 2 });
    for (let nth = 0; nth < 10_000; nth += 1) limits.mayClientAsk(ipv6(nth));
    expect(limits.mayClientAsk('192.0.2.1')).toBe(true);
  });

  it('start again every hour', () => {
    const { limits, advance } = someLimits({ perClient: 1 });
    expect([limits.mayClientAsk('192.0.2.1'), limits.mayClientAsk('192.0.2.1')]).toEqual([true, false]);
    advance(HOUR_MS);
    expect(limits.size).toBe(1);
    expect(limits.mayClientAsk('192.0.2.1')).toBe(true);
    expect(limits.size).toBe(1);
  });

  it('treat a /64 as one client, and allow a /48 ten times as much', () => {
    const { limits } = someLimits({ perClient: 2 });
    const taken = [];
    for (let nth = 0; nth < 100; nth += 1) taken.push(limits.mayClientAsk(`2001:db8:1:${nth.toString(16)}::1`));
    expect(taken.filter(Boolean)).toHaveLength(20);
    expect(limits.mayClientAsk('2001:db8:2::1')).toBe(true);
  });

  it.each([
    ['an address and the same behind a port', '192.0.2.7', '192.0.2.7:50123'],
    ['an address and the same as IPv6 writes it', '192.0.2.7', '::ffff:192.0.2.7'],
    ['two spellings of an IPv6 address', '2001:DB8::1', '[2001:db8:0:0:0:0:0:1]:443'],
    ['two addresses of one /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
    ['an address of a link with and without its zone', 'fe80::1%eth0', 'fe80::2'],
  ])('takes %s for one client', (_, one, other) => {
    const { limits } = someLimits({ perClient: 1 });
    expect([limits.mayClientAsk(one), limits.mayClientAsk(other)]).toEqual([true, false]);
  });

  it.each([
    ['n.o.r.a+weekly@gmail.com', 'nora@googlemail.com', true],
    ['nora+a@example.org', 'NORA@example.org', true],
    ['n.ora@example.org', 'nora@example.org', false],
    ['+nora@example.org', '+bob@example.org', false],
  ])('counts %s and %s together: %s', (one, other, isOne) => {
    const { limits } = someLimits({ perMailbox: 1 });
    const [first, second] = [addressFrom(one), addressFrom(other)];
    if (!first || !second) return expect.unreachable();
    expect([limits.mayMail(first), limits.mayMail(second)]).toEqual([true, !isOne]);
  });
});
