import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppContext, openUseCases } from '../../src/app-context.js';
import { openLinks } from '../../src/audience/links.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import type { Clock } from '../../src/domain/ports/host.js';
import { systemClock } from '../../src/platform/clock.js';
import { localFiles } from '../../src/platform/files.js';
import { type Inbox, openInbox } from '../../src/platform/inbox.js';
import { servePublic } from '../../src/web/public/serve-public.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aBody, aNewsletter, aPost } from '../support/builders.js';
import { publicSitePorts, SECRETS } from '../support/public-site.js';
import { axeFindings, openBrowser, type TestBrowser } from '../support/web-browser.js';

const SHOTS = process.env.GAZETTE_SHOTS;

let chrome: TestBrowser;
let inbox: Inbox;
let deps: AppContext;
let url: string;
const stop = new AbortController();
let served: Promise<void>;
/** A clock that runs with the host's, ahead of it by what a test has added. */
let aheadMs = 0;
const clock: Clock = { now: () => new Date(Date.now() + aheadMs), sleep: systemClock.sleep };

beforeAll(async () => {
  [chrome, inbox] = await Promise.all([openBrowser(), openInbox()]);
  // Below the ports that the system hands out by itself.
  const port = 20_000 + (process.pid % 12_000);
  url = `http://127.0.0.1:${port}`;
  const publicSite = publicSitePorts(url);
  const yesterday = new Date(Date.now() - 86_400_000);
  const figure = { src: 'https://blog.example.org/figure.png', alt: 'A curve', caption: aBody('Figure 1: a curve.') };
  const posts = [
    aPost({ title: 'Peering inside', categories: ['chemistry'], publishedAt: yesterday, image: figure }),
    aPost({
      title: '<b> & "quotes" ]]> {{braces}}',
      titleHtml: [{ type: 'text', value: '<b> & "quotes" ]]> {{braces}}\u0008' }],
      categories: ['software'],
      publishedAt: yesterday,
    }),
    aPost({ title: 'شاي الخميس', language: 'ar', categories: ['software'], publishedAt: yesterday }),
  ];
  const built = await aContext({ posts, newsletter: { theme: process.env.GAZETTE_SHOTS_THEME ?? 'plain' } });
  const links = openLinks({ publicUrl: url, secrets: SECRETS });
  const transport = openTransport(inbox.url, { files: localFiles(), root: tmpdir() });
  const arabic = aNewsletter({ id: 'arabi', title: 'رسائل الطابق الرابع', language: 'ar', theme: 'magazine' });
  deps = openUseCases({
    ...built,
    newsletters: new Map([...built.newsletters, [arabic.id, arabic]]),
    publicSite,
    clock,
    transport: () => transport,
    mailBuilder: openMailBuilder({
      links: ({ subscriber }, { newsletter, number }) => ({
        unsubscribeUrl: links.unsubscribeUrl(newsletter, subscriber),
        oneClickUrl: links.oneClickUrl(newsletter, subscriber),
        preferencesUrl: links.preferencesUrl(newsletter, subscriber),
        webUrl: links.webUrl(newsletter, number),
      }),
    }),
  });
  await new Promise<void>((resolve) => {
    const options = { readers: () => deps.readers.site(), port, host: '127.0.0.1', signal: stop.signal };
    served = servePublic({ ...options, onListening: () => resolve() });
  });
});

afterAll(async () => {
  stop.abort();
  await served;
  await deps.transport().close();
  await inbox.close();
  await chrome.close();
});

const VIEWS = [
  ['desktop-light', 1100, 'light'],
  ['phone-dark', 360, 'dark'],
] as const;

/** A picture of a page much like another that is judged. */
async function look(page: Page, name: string): Promise<void> {
  if (SHOTS) await expectGood(page, name);
}

/** Nothing too wide and no finding of axe, light and dark, on a desktop and on a phone. */
async function expectGood(page: Page, name: string): Promise<void> {
  for (const [view, width, colorScheme] of VIEWS) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page), `${name} ${view}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), name).toBeLessThanOrEqual(
      0,
    );
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${view}.png`), fullPage: true });
  }
}

/** A page that reports every request it makes outside, and whatever the policy of a page stopped. */
async function newPage(): Promise<{ page: Page; strange: string[] }> {
  const page = await chrome.browser.newPage();
  const strange: string[] = [];
  await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, async (route) => {
    if (!/figure\.png$/.test(route.request().url())) strange.push(route.request().url());
    await route.fulfill({
      contentType: 'image/svg+xml',
      body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#9aa5a0"/></svg>',
    });
  });
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) strange.push(message.text());
  });
  return { page, strange };
}

const lastMail = async (to: string, count: number) => {
  const mine = () => inbox.mails.filter(({ envelope }) => envelope.to.includes(to));
  await expect.poll(() => mine().length, { timeout: 120_000 }).toBe(count);
  const mail = await mine().at(-1)?.parsed();
  if (!mail) throw new Error('no mail');
  return mail;
};

const linkIn = (text: string | undefined, page: string) => {
  const found = new RegExp(`${url}/${page}/[^\\s>"]+`).exec(text ?? '')?.[0];
  if (found === undefined) throw new Error(`no /${page}/ link`);
  return found;
};

interface ReadFeed {
  readonly root: string;
  readonly error: string | null;
  readonly self: string;
  readonly id: string;
  readonly title: string;
  readonly updated: string;
  readonly entries: readonly { readonly id: string; readonly title: string; readonly updated: string }[];
}

/** Reads a feed as the browser's own parser of XML does. */
const READ_FEED = `(text) => {
  const read = new DOMParser().parseFromString(text, 'application/xml');
  const of = (element) => {
    const child = (name) => [...element.children].find((each) => each.localName === name)?.textContent ?? '';
    return { id: child('id'), title: child('title'), updated: child('updated') };
  };
  const root = read.documentElement;
  return {
    root: root.localName + ' ' + root.namespaceURI,
    error: read.querySelector('parsererror')?.textContent ?? null,
    self: read.querySelector('link[rel=self]')?.getAttribute('href') ?? '',
    ...of(root),
    entries: [...read.querySelectorAll('entry')].map(of),
  };
}`;

const readFeed = (page: Page, text: string) => page.evaluate<ReadFeed>(`(${READ_FEED})(${JSON.stringify(text)})`);

const subscriptionsOf = async (address: string) => (await deps.store.audience.find(address))?.subscriptions;

describe('a reader with a browser and a mailbox', () => {
  it('signs up, confirms, reads, changes preferences and address, pauses, unsubscribes, undoes it and is erased', async () => {
    const { page, strange } = await newPage();
    await page.goto(`${url}/s/weekly`);
    await expectGood(page, 'sign-up');
    await page.getByLabel('Your e-mail address').fill('nora@example.org');
    await page.getByLabel('Your name').fill('Nora');
    await page.getByLabel('chemistry').check();
    aheadMs += 5_000;
    await page.getByRole('button', { name: 'Subscribe' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('check your mailbox');
    await expectGood(page, 'check-mail');

    const asked = await lastMail('nora@example.org', 1);
    await page.goto(linkIn(asked.text, 'c'));
    await expectGood(page, 'confirm');
    expect(await subscriptionsOf('nora@example.org')).toBeUndefined();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Yes, subscribe me' }).press('Enter');
    await page.getByRole('heading', { name: 'You are subscribed' }).waitFor();
    await look(page, 'confirmed');
    expect(await subscriptionsOf('nora@example.org')).toMatchObject([{ state: 'active', preferences: ['chemistry'] }]);

    await addReaders(deps, [{ address: 'all@example.org' }]);
    const [newsletter] = deps.newsletters.values();
    if (!newsletter) throw new Error('no newsletter');
    await deps.sending.sendNext({ newsletter, confirm: async () => true });
    const issue = await lastMail('nora@example.org', 2);

    await page.goto(linkIn(issue.text, 'archive'));
    expect(await page.content()).toContain('Peering inside');
    expect(await page.content()).not.toMatch(/nora|Nora|\/u\/|\/p\//);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, 'issue.png'), fullPage: true });
    await page.goto(`${url}/archive/weekly`);
    await expectGood(page, 'archive');
    await page.getByRole('link', { name: 'chemistry' }).click();
    await page.getByRole('link', { name: 'Continue reading: Peering inside' }).waitFor();
    await look(page, 'category');
    await page.goto(`${url}/archive/weekly/category/software`);
    await expectGood(page, 'category-foreign');
    await page.goto(`${url}/`);
    await expectGood(page, 'home');

    await page.goto(linkIn(issue.text, 'p'));
    await look(page, 'preferences');
    await page.getByLabel('software').check();
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Gespeichert.').waitFor();
    await expectGood(page, 'preferences-saved');
    expect(await subscriptionsOf('nora@example.org')).toMatchObject([{ preferences: ['chemistry', 'software'] }]);
    await page
      .getByLabel('Nichts vor diesem Tag')
      .fill(new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Pausieren' }).click();
    await page.getByRole('button', { name: 'Pause beenden' }).click();
    await page.getByText('Die Pause ist zu Ende.').waitFor();
    await page.getByLabel('Neue E-Mail-Adresse').fill('nora.new@example.org');
    await page.getByRole('button', { name: 'Adresse ändern' }).click();
    await page.getByText('Bitte sehen Sie in das neue Postfach').waitFor();
    const move = await lastMail('nora.new@example.org', 1);
    expect(move.subject).toContain('Bitte bestätigen Sie Ihre neue Adresse');
    await page.goto(linkIn(move.text, 'c'));
    await page.getByRole('button', { name: 'Ja, diese Adresse verwenden' }).click();
    await page.getByRole('heading', { name: 'Ihre Adresse ist geändert' }).waitFor();
    expect(await subscriptionsOf('nora@example.org')).toBeUndefined();

    await page.goto(linkIn(issue.text, 'u'));
    await expectGood(page, 'unsubscribe');
    await page.getByRole('button', { name: /abbestellen$/ }).click();
    await page.getByRole('heading', { name: 'Sie haben abbestellt' }).waitFor();
    await expectGood(page, 'unsubscribed');
    expect(await subscriptionsOf('nora.new@example.org')).toMatchObject([{ state: 'unsubscribed' }]);
    await page.getByRole('button', { name: 'Rückgängig machen' }).click();
    await page.getByRole('heading', { name: 'Sie haben wieder abonniert' }).waitFor();
    expect(await subscriptionsOf('nora.new@example.org')).toMatchObject([{ state: 'active' }]);

    const oneClick = /<([^>]+)>/.exec(issue.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '')?.[1];
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    const answer = await fetch(oneClick ?? '', { method: 'POST', body, redirect: 'error' });
    expect(answer.status).toBe(200);
    expect(await subscriptionsOf('nora.new@example.org')).toMatchObject([{ state: 'unsubscribed' }]);

    await page.goto(linkIn(issue.text, 'p'));
    await page.getByLabel('Ja, alles über mich löschen').check();
    await page.getByRole('button', { name: 'Mich löschen' }).click();
    await page.getByRole('heading', { name: 'Alles über Sie ist gelöscht' }).waitFor();
    expect(await deps.store.audience.find('nora.new@example.org')).toBeUndefined();
    await page.goto(linkIn(issue.text, 'p'));
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await look(page, 'bad-link');
    expect(strange).toEqual([]);
    await page.close();
  });

  it('signs up with the form from the documentation, on another site and without script', async () => {
    const guide = await readFile(new URL('../../docs/readers.md', import.meta.url), 'utf8');
    const form = /```html\n([\s\S]*?)```/.exec(guide)?.[1]?.replaceAll('https://news.example.org', url);
    const context = await chrome.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const html = { contentType: 'text/html', body: `<!doctype html><title>A blog</title>${form}` };
    await page.route('https://blog.example.org/', (route) => route.fulfill(html));
    await page.goto('https://blog.example.org/');
    await page.getByLabel('E-mail').fill('embedded@example.org');
    await page.getByLabel('Name').fill('Emma');
    await page.getByLabel('Chemistry').check();
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByText('press the button again').waitFor();
    await expect(page.getByLabel('Your name').inputValue()).resolves.toBe('Emma');
    aheadMs += 5_000;
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('heading', { name: 'Please check your mailbox' }).waitFor();
    const asked = await lastMail('embedded@example.org', 1);
    await page.goto(linkIn(asked.text, 'c'));
    await page.getByRole('button', { name: 'Yes, subscribe me' }).click();
    await page.getByRole('heading', { name: 'You are subscribed' }).waitFor();
    expect(await subscriptionsOf('embedded@example.org')).toMatchObject([
      { state: 'active', preferences: ['chemistry'] },
    ]);
    await context.close();
  });

  it('finds feeds that an XML parser accepts, whatever the titles contain', async () => {
    const { page } = await newPage();
    await page.goto(`${url}/`);
    for (const path of ['archive/weekly/feed.atom', 'archive/weekly/category/software/feed.atom']) {
      const text = await (await fetch(`${url}/${path}`)).text();
      const feed = await readFeed(page, text);
      expect(feed).toMatchObject({ root: 'feed http://www.w3.org/2005/Atom', error: null, self: `${url}/${path}` });
      expect(feed.entries.length).toBeGreaterThan(0);
      for (const { id, title, updated } of [feed, ...feed.entries]) {
        expect(id).toMatch(/^https?:\/\/[^\s]+$/);
        expect(title).not.toBe('');
        expect(new Date(updated).toISOString()).toBe(updated);
      }
      expect(new Set(feed.entries.map(({ id }) => id)).size).toBe(feed.entries.length);
    }
    const feed = await (await fetch(`${url}/archive/weekly/category/software/feed.atom`)).text();
    const { entries } = await readFeed(page, feed);
    expect(entries.map(({ title }) => title)).toContain('<b> & "quotes" ]]> {{braces}}');
    await page.close();
  });

  it('reads from right to left in languages written that way', async () => {
    const { page, strange } = await newPage();
    await page.goto(`${url}/s/arabi`);
    expect(await page.evaluate('getComputedStyle(document.body).direction')).toBe('rtl');
    await expectGood(page, 'sign-up-ar');
    await page.goto(`${url}/archive/arabi`);
    await expectGood(page, 'archive-ar');
    await page.goto(`${url}/s/weekly?lang=ja`);
    await look(page, 'sign-up-ja');
    expect(strange).toEqual([]);
    await page.close();
  });
});
