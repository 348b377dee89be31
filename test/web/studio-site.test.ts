/** The studio's site: which requests it answers, and that GET changes nothing. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Studio } from '../../src/studio/index.js';
import { openStudioSite } from '../../src/web/studio/open-studio-site.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aStudio, STUDIO_HOST } from '../support/studio.js';
import { SCENES } from '../support/studio-scenes.js';

/** A studio whose only form that the tests submit pins post `a`. */
async function aSite(renderer = plainRenderer, token?: string) {
  const studio = await aStudio({
    posts: [aPost({ keys: { id: 'a', path: 'a.md' }, publishedAt: new Date('2026-06-12T08:00:00Z') })],
    renderer,
    ...(token !== undefined && { token }),
  });
  const post = (path: string, headers: { readonly [name: string]: string }, body = PIN) =>
    studio.fetch(path, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  return { ...studio, post };
}

const PIN = 'action=pin&post=a&version=';
const OWN = { Origin: `http://${STUDIO_HOST}` };
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

/** Together they have something that each of these paths could change. */
const GET_SCENES = ['sending, approved', 'sending, paused', 'the inbox'];

describe('The studio’s site', () => {
  it('does not answer to another host name (DNS rebinding)', async () => {
    const { fetch } = await aSite();
    for (const Host of ['evil.example.com', 'evil.example.com:4400', '127.0.0.1:80', '']) {
      expect((await fetch('/assets/studio.js', { headers: { Host } })).status, Host).toBe(421);
    }
    expect((await fetch('/assets/studio.js')).status).toBe(200);
  });

  it.each(CHANGES)('changes nothing at %s for a request from another site or of unknown origin', async (path) => {
    const { post, state } = await aSite();
    const before = await state();
    for (const headers of [
      {},
      { Origin: 'https://evil.example.com' },
      { Origin: 'null' },
      { Origin: `https://${STUDIO_HOST}.evil.example.com` },
      { ...OWN, 'Sec-Fetch-Site': 'cross-site' },
      { ...OWN, 'Sec-Fetch-Site': 'same-site' },
    ]) {
      expect((await post(path, headers)).status).toBe(403);
    }
    expect(await state()).toBe(before);
  });

  it('changes nothing by GET at the path of any form', async () => {
    for (const { name, path, open } of SCENES.filter((scene) => GET_SCENES.includes(scene.name))) {
      const { fetch, state } = await open();
      const before = await state();
      for (const each of [path, ...CHANGES]) {
        await (await fetch(each)).text();
        await fetch(each, { method: 'HEAD' });
      }
      expect(await state(), name).toBe(before);
    }
  });

  it('accepts the forms of its own pages', async () => {
    const { post, arrangement } = await aSite();
    expect((await post('/n/weekly/arrange', { ...OWN, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(303);
    expect(await arrangement()).toContain('pinned:');
    expect((await post('/n/weekly/issues/2/resend-unknown', OWN)).status).toBe(404);
    expect((await post('/n/weekly/issues/2/explode', OWN)).status).toBe(404);
  });

  it('answers with the reason when an action is refused, and with 404 for an unknown page', async () => {
    const { post, fetch } = await aSite();
    const refused = await post('/n/weekly/arrange', OWN, 'action=explode');
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('“explode” is not a change')]);
    const missing = await fetch('/n/weekly/nowhere');
    expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('There is no such page')]);
    expect((await fetch('/n/monthly')).status).toBe(404);
  });

  it('replaces an error page by its page once the error is fixed, and does not fetch what a form was answered with', async () => {
    let isBroken = true;
    const { fetch, post } = await aSite({
      ...plainRenderer,
      render: async (input) => {
        if (isBroken) throw new GazetteError('theme.invalid', 'The theme is broken.');
        return plainRenderer.render(input);
      },
    });
    const broken = await fetch('/n/weekly/mail');
    const html = await broken.text();
    expect([broken.status, html]).toEqual([400, expect.stringContaining('The theme is broken.')]);
    expect(html).toMatch(/<script src="\/assets\/studio\.js" defer>/);
    expect(html).toMatch(/<body data-version="\d+" data-error>/);
    isBroken = false;
    expect((await fetch('/n/weekly/mail')).status).toBe(200);
    expect(await (await post('/n/weekly/arrange', OWN, 'action=explode')).text()).not.toContain('<script');
  });

  it('accepts no form that is larger than a long introduction', async () => {
    const { post, state } = await aSite();
    const before = await state();
    const response = await post('/n/weekly/arrange', OWN, `${PIN}&text=${'a'.repeat(300_000)}`);
    expect(response.status).toBe(413);
    expect(await state()).toBe(before);
  });

  it('allows only its own scripts, no inline style, and no framing', async () => {
    const policy = (await (await aSite()).fetch('/nowhere')).headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('asks for its token where others can reach it, and then recognises the browser', async () => {
    const { fetch, post, arrangement } = await aSite(plainRenderer, 'secret-token');
    expect((await fetch('/assets/studio.js')).status).toBe(401);
    expect((await fetch('/?token=wrong')).status).toBe(401);
    expect((await post('/n/weekly/arrange', OWN)).status).toBe(401);
    const opened = await fetch('/n/weekly?token=secret-token');
    const cookie = opened.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain('secret-token');
    expect(await opened.text()).not.toContain('secret-token');
    const Cookie = cookie.split(';')[0] ?? '';
    expect((await fetch('/assets/studio.js', { headers: { Cookie } })).status).toBe(200);
    expect(await arrangement()).toBe('');
    expect((await post('/n/weekly/arrange', { ...OWN, Cookie })).status).toBe(303);
    expect(await arrangement()).toContain('pinned:');
  });
});

describe('The event stream', () => {
  /** A stream whose timers do not run. */
  async function aStream() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const listeners = new Set<() => void>();
    const stop = new AbortController();
    const studio = {
      routes: [],
      signal: stop.signal,
      version: () => 1,
      onChange: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    } as unknown as Studio;
    const site = openStudioSite({ studio, guard: { hosts: new Set([STUDIO_HOST]) }, asset: async () => undefined });
    const answer = await site.fetch(new Request(`http://${STUDIO_HOST}/events`, { headers: { Host: STUDIO_HOST } }));
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: version');
    return { reader, listeners, stop };
  }

  it('ends when the studio is closed', async () => {
    const { reader, listeners, stop } = await aStream();
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();
    for (const notify of listeners) notify();
    expect(await reader.read()).toMatchObject({ done: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no listener and no timer behind when its page is closed at once', async () => {
    const { reader, listeners } = await aStream();
    await reader.cancel();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
