import { describe, expect, test } from 'vitest';
import { PROVIDER_NAMES } from '../../src/domain/providers.js';
import { openHooks } from '../../src/feedback/hooks.js';
import { memoryLog } from '../support/logs.js';
import { type MemorySink, memorySink } from '../support/memory-feedback.js';
import { NOW, providerTools, SENDERS, type SentCall } from '../support/provider-calls.js';
import { aPublicSite, type SiteOptions } from '../support/public-site.js';

async function aSite(options: Partial<SiteOptions> & { readonly sink?: MemorySink; readonly only?: string } = {}) {
  const { sink = memorySink(), only, ...rest } = options;
  const names = PROVIDER_NAMES.filter((name) => only === undefined || name === only);
  const settings = new Map(names.map((name) => [name, SENDERS[name].proofs] as const));
  const log = memoryLog();
  const hooks = openHooks({ settings, sink, clock: { now: () => NOW }, log, ...providerTools() });
  const site = await aPublicSite({ hooks, ...rest });
  const call = async (provider: string, { headers, body }: SentCall, ip = '127.0.0.1') =>
    site.app.fetch(new Request(`https://news.example.org/hooks/${provider}`, { method: 'POST', headers, body }), {
      peerIp: ip,
    });
  return { sink, call, site, log };
}
const bounceOf = (name: keyof typeof SENDERS, id?: string) => SENDERS[name].call([SENDERS[name].bounce(id)]);

describe('the webhook', () => {
  test.each(PROVIDER_NAMES)('of %s takes a genuine call once, and answers nothing in words', async (name) => {
    const { sink, call } = await aSite();
    for (let times = 0; times < 2; times += 1) {
      const answer = await call(name, bounceOf(name));
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
    expect(sink.reports).toHaveLength(1);
    expect(sink.calls).toEqual([1, 1]);
  });

  test.each(PROVIDER_NAMES)('of %s refuses a call without its proof', async (name) => {
    const { sink, call, log } = await aSite();
    const { body } = bounceOf(name);
    expect((await call(name, { headers: {}, body: body.replace(/[0-9a-f]{64}/, '0') })).status).toBe(401);
    expect(sink.calls).toEqual([]);
    expect(log.events).toMatchObject([{ event: 'feedback.calls-refused', fields: { why: 'forged', count: 1 } }]);
  });

  test('is not there for a provider without a setting, for another name, and for GET', async () => {
    const { call, site } = await aSite({ only: 'mailgun' });
    expect((await call('ses', bounceOf('ses'))).status).toBe(404);
    expect((await call('constructor', bounceOf('ses'))).status).toBe(404);
    expect((await site.get('/hooks/mailgun')).status).toBe(404);
    expect((await (await aPublicSite()).post('/hooks/mailgun')).status).toBe(404);
  });

  test('asks to come again while reports cannot be committed, and takes the same call then', async () => {
    const { sink, call } = await aSite();
    sink.failWith = new Error('The database is locked.');
    const refused = await call('sendgrid', bounceOf('sendgrid'));
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '10']);
    sink.failWith = undefined;
    expect((await call('sendgrid', bounceOf('sendgrid'))).status).toBe(200);
    expect(sink.reports).toHaveLength(1);
  });

  test('answers only when the reports are committed', async () => {
    let commit: () => void = () => undefined;
    const committed = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const inner = memorySink();
    const sink: MemorySink = {
      ...inner,
      take: async (reports, at) => {
        await committed;
        return inner.take(reports, at);
      },
    };
    const { call } = await aSite({ sink });
    let isAnswered = false;
    const answer = call('resend', bounceOf('resend')).then(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    commit();
    await answer;
    expect(inner.reports).toHaveLength(1);
  });

  test('hands what comes while a batch is committed on as one', async () => {
    const { sink, call } = await aSite();
    const calls = Array.from({ length: 50 }, (_, index) => call('mailgun', bounceOf('mailgun', `event-${index}`)));
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(200);
    expect(sink.reports).toHaveLength(50);
    expect(sink.calls.length).toBeLessThan(25);
  });

  test('reads no body that is too long, whether it says so or not', async () => {
    const { sink, call } = await aSite();
    const { headers } = bounceOf('resend');
    const long = 'x'.repeat(1024 * 1024 + 1);
    expect(
      (await call('resend', { headers: { ...headers, 'Content-Length': `${long.length}` }, body: long })).status,
    ).toBe(413);
    expect((await call('resend', { headers, body: long })).status).toBe(413);
    expect(sink.calls).toEqual([]);
  });

  test('listens no more to a client whose calls were refused too often, and to others it does', async () => {
    const { call } = await aSite({ refusedHooksPerClient: 3 });
    const forged = { headers: {}, body: '{}' };
    for (let times = 0; times < 3; times += 1) expect((await call('resend', forged, '192.0.2.1')).status).toBe(401);
    expect((await call('resend', bounceOf('resend'), '192.0.2.1')).status).toBe(429);
    expect((await call('resend', bounceOf('resend'), '192.0.2.2')).status).toBe(200);
  });
});
