/** The editor's door: who may knock, and that looking changes nothing. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { localFiles } from '../../src/platform/files.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import type { Studio } from '../../src/studio/index.js';
import { openStudioSite } from '../../src/web/studio/open-studio-site.js';
import { TEMPLATES } from '../support/app-context.js';
import { memoryLog } from '../support/logs.js';

const HOST = '127.0.0.1:4400';

/** A door over stories that only note that they were asked. */
function aDoor(token?: string) {
  const asked: string[] = [];
  const pages = openStudioPages(localFiles(), `${TEMPLATES}/studio`);
  const noted = (name: string) => async () => void asked.push(name);
  const flows = {
    log: memoryLog(),
    newsletterIds: () => ['weekly'],
    print: (page: string, view: object) => pages.print(page, view, 'UTC'),
    arrange: noted('arrange'),
    send: noted('send'),
    sendTest: noted('sendTest'),
    answer: noted('answer'),
    withdraw: noted('withdraw'),
    acceptWithdrawals: noted('acceptWithdrawals'),
    pause: noted('pause'),
    resume: noted('resume'),
    cancel: noted('cancel'),
    resend: noted('resend'),
    clearInbox: () => void asked.push('clearInbox'),
  } as unknown as Studio;
  const door = openStudioSite({
    flows,
    hosts: new Set([HOST]),
    asset: async (name) =>
      name === 'studio.js' ? { type: 'text/javascript', body: new TextEncoder().encode('1') } : undefined,
    ...(token !== undefined && { session: { token } }),
  });
  const ask = (path: string, init: RequestInit = {}, host = HOST) => {
    const headers = new Headers(init.headers);
    headers.set('Host', host);
    return door.fetch(new Request(`http://${HOST}${path}`, { ...init, headers }));
  };
  const post = (path: string, headers: { readonly [name: string]: string }, body = 'version=') =>
    ask(path, { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });
  return { ask, post, asked };
}

const OWN = { Origin: `http://${HOST}` };
const CHANGES = [
  '/n/weekly/arrange',
  '/n/weekly/send',
  '/n/weekly/test',
  '/n/weekly/answer',
  '/n/weekly/withdrawals',
  '/n/weekly/issues/1/pause',
  '/n/weekly/issues/1/cancel',
  '/inbox/clear',
];

describe('the editor’s door', () => {
  it('does not answer to a name that is not its own (DNS rebinding)', async () => {
    const { ask } = aDoor();
    for (const host of ['evil.example.com', 'evil.example.com:4400', '127.0.0.1:80', '']) {
      expect((await ask('/assets/studio.js', {}, host)).status, host).toBe(421);
    }
    expect((await ask('/assets/studio.js')).status).toBe(200);
  });

  it.each(CHANGES)('changes nothing at %s for a request from another site, or from nowhere', async (path) => {
    const { post, asked } = aDoor();
    for (const headers of [
      {},
      { Origin: 'https://evil.example.com' },
      { Origin: 'null' },
      { Origin: `https://${HOST}.evil.example.com` },
      { ...OWN, 'Sec-Fetch-Site': 'cross-site' },
      { ...OWN, 'Sec-Fetch-Site': 'same-site' },
    ]) {
      expect((await post(path, headers)).status).toBe(403);
    }
    expect(asked).toEqual([]);
  });

  it.each(CHANGES)('changes nothing at %s by GET', async (path) => {
    const { ask, asked } = aDoor();
    await ask(path);
    await ask(path, { method: 'HEAD' });
    expect(asked).toEqual([]);
  });

  it('does what its own pages ask for', async () => {
    const { post, asked } = aDoor();
    expect(
      (await post('/n/weekly/arrange', { ...OWN, 'Sec-Fetch-Site': 'same-origin' }, 'action=pin&post=a')).status,
    ).toBe(303);
    expect((await post('/n/weekly/answer', OWN, 'answer=approved&shown=x')).status).toBe(303);
    expect((await post('/n/weekly/issues/2/resend-unknown', OWN)).status).toBe(303);
    expect((await post('/n/weekly/issues/2/explode', OWN)).status).toBe(404);
    expect(asked).toEqual(['arrange', 'answer', 'resend']);
  });

  it('takes no more than a long introduction', async () => {
    const { post, asked } = aDoor();
    const answer = await post('/n/weekly/arrange', OWN, `text=${'a'.repeat(300_000)}`);
    expect(answer.status).toBe(413);
    expect(asked).toEqual([]);
  });

  it('allows its own script alone, no style in the page, and nobody to frame it', async () => {
    const policy = (await aDoor().ask('/nowhere')).headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('asks for its token where others can reach it, and then knows the browser', async () => {
    const { ask, post, asked } = aDoor('secret-token');
    expect((await ask('/assets/studio.js')).status).toBe(401);
    expect((await ask('/?token=wrong')).status).toBe(401);
    expect((await post('/n/weekly/arrange', OWN)).status).toBe(401);
    const opened = await ask('/n/weekly?token=secret-token');
    const cookie = opened.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain('secret-token');
    expect(await opened.text()).not.toContain('secret-token');
    const Cookie = cookie.split(';')[0] ?? '';
    expect((await ask('/assets/studio.js', { headers: { Cookie } })).status).toBe(200);
    expect((await post('/n/weekly/arrange', { ...OWN, Cookie })).status).toBe(303);
    expect(asked).toEqual(['arrange']);
  });
});

describe('the line that tells of changes', () => {
  /** A line whose waits end only when they are woken. */
  async function aLine() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const listeners = new Set<() => void>();
    const stop = new AbortController();
    const flows = {
      signal: stop.signal,
      version: () => 1,
      onChange: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    } as unknown as Studio;
    const door = openStudioSite({ flows, hosts: new Set([HOST]), asset: async () => undefined });
    const answer = await door.fetch(new Request(`http://${HOST}/events`, { headers: { Host: HOST } }));
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: version');
    return { reader, listeners, stop };
  }

  it('ends with the studio, which need not wait for it', async () => {
    const { reader, listeners, stop } = await aLine();
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();
    for (const tell of listeners) tell();
    expect(await reader.read()).toMatchObject({ done: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing that waits behind when its page is left at once', async () => {
    const { reader, listeners } = await aLine();
    await reader.cancel();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
