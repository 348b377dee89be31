/** The studio in a real browser: typed text comes back, and a second click or key press does nothing else. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formText } from '../../src/domain/form-text.js';
import { aPost } from '../support/builders.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aStudio, type TestStudio } from '../support/studio.js';
import { SCENES, type Scene } from '../support/studio-scenes.js';
import { axeFindings, openBrowser, type TestBrowser } from '../support/web-browser.js';

const SHOTS = process.env.GAZETTE_SHOTS;

let chromium: TestBrowser;
beforeAll(async () => {
  chromium = await openBrowser();
});
afterAll(async () => chromium.close());

/** A page of a studio in a browser; what a test leaves is closed. */
async function inBrowser<T>(
  studio: TestStudio,
  path: string,
  work: (page: Page) => Promise<T>,
  options: { readonly script?: boolean } = {},
): Promise<T> {
  const served = await studio.serve();
  const context = await chromium.browser.newContext({
    javaScriptEnabled: options.script ?? true,
    viewport: { width: 1280, height: 900 },
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    pending(page);
    await page.goto(`${served.url}${path}`);
    return await work(page);
  } finally {
    await context.close();
    await served.close();
  }
}

const requests = new WeakMap<Page, Set<Request>>();

/** Requests of a page that have not ended, without its event stream. */
function pending(page: Page): Set<Request> {
  const known = requests.get(page);
  if (known) return known;
  const open = new Set<Request>();
  requests.set(page, open);
  page.on('request', (request) => void (request.url().endsWith('/events') || open.add(request)));
  page.on('requestfinished', (request) => void open.delete(request));
  page.on('requestfailed', (request) => void open.delete(request));
  return open;
}

/** Waits until the page shows the result of its last action, and nothing is being sent. */
async function quiet(page: Page, studio: TestStudio): Promise<void> {
  const isBusy = async () => pending(page).size > 0 || (await page.locator('body').getAttribute('aria-busy')) !== null;
  await expect.poll(isBusy, { timeout: 120_000, interval: 20 }).toBe(false);
  await studio.settled();
  await expect.poll(isBusy, { timeout: 120_000, interval: 20 }).toBe(false);
}

const BUTTONS = 'main form[method=post] button:not([disabled], [hidden])';
const CONTROLS = 'main button:not([disabled]), main a.button';

interface Target {
  readonly id: string;
  /** The text of a button, or of a link that looks like one. */
  readonly label: string;
}

/** The button or link at a point of the window. */
const at = (page: Page, x: number, y: number) =>
  page.evaluate<Target | null>(`(() => {
    const found = document.elementFromPoint(${x}, ${y})?.closest(${JSON.stringify(CONTROLS)});
    return found ? { id: found.id, label: found.textContent } : null;
  })()`);

const focused = (page: Page) =>
  page.evaluate<Target | null>(`(() => {
    const found = document.activeElement?.closest(${JSON.stringify(CONTROLS)});
    return found ? { id: found.id, label: found.textContent } : null;
  })()`);

/** Fields that must be filled in before a form is sent. */
async function fillIn(page: Page): Promise<void> {
  const address = page.locator('#address');
  if ((await address.count()) > 0) await address.fill('ada@example.org');
}

type Press = (page: Page, id: string) => Promise<void>;

const PRESSES: { readonly [name: string]: Press } = {
  once: (page, id) => page.locator(`[id="${id}"]`).click(),
  'by a double click': (page, id) => page.locator(`[id="${id}"]`).dblclick(),
  'by Enter twice': async (page, id) => {
    await page.locator(`[id="${id}"]`).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
  },
};

async function pressed(scene: Scene, id: string, themeRenderer: Press, script: boolean): Promise<string> {
  const studio = await scene.open();
  return inBrowser(
    studio,
    scene.path,
    async (page) => {
      await fillIn(page);
      const button = page.locator(`[id="${id}"]`);
      await button.scrollIntoViewIfNeeded();
      const box = await button.boundingBox();
      const label = await button.textContent();
      await themeRenderer(page, id);
      await quiet(page, studio);
      const state = await studio.state();
      if (!box) throw new Error(`${id} is not visible.`);
      // What is under the pointer or has the focus now is no other action.
      for (const found of [await at(page, box.x + box.width / 2, box.y + box.height / 2), await focused(page)]) {
        if (found) expect(`${id}: ${found.label?.trim()}`).toBe(`${id}: ${label?.trim()}`);
      }
      // An editor who noticed no change presses Enter again.
      await page.keyboard.press('Enter');
      await quiet(page, studio);
      expect(await studio.state(), `Enter after ${id}`).toBe(state);
      return state;
    },
    { script },
  );
}

describe.each(SCENES)('On the page of $name', (scene) => {
  it('a button pressed twice counts once', async () => {
    const ids = await inBrowser(await scene.open(), scene.path, (page) =>
      page.locator(BUTTONS).evaluateAll((buttons) => buttons.map(({ id }) => id)),
    );
    // An arrow moves its post on with each press.
    for (const id of ids.filter((each) => !/-(?:up|down)$/.test(each))) {
      const once = await pressed(scene, id, PRESSES.once as Press, true);
      expect(await pressed(scene, id, PRESSES['by a double click'] as Press, true), `${id} by a double click`).toBe(
        once,
      );
      expect(await pressed(scene, id, PRESSES['by Enter twice'] as Press, true), `${id} by Enter twice`).toBe(once);
    }
  });

  it('fits the window, and axe finds no problems', async () => {
    await inBrowser(await scene.open(), scene.path, async (page) => {
      for (const [view, width, colorScheme] of [
        ['desktop-light', 1280, 'light'],
        ['phone-dark', 400, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await axeFindings(page), view).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), view).toBeLessThanOrEqual(0);
        if (SHOTS) {
          await mkdir(SHOTS, { recursive: true });
          const name = scene.name.replaceAll(/\W+/g, '-');
          await page.screenshot({ path: join(SHOTS, `${name}-${view}.png`), fullPage: true });
        }
      }
    });
  });
});

describe('A confirmation', () => {
  it('is asked for before a veto, also without JavaScript, with the focus on the question', async () => {
    const scene = SCENES.find(({ name }) => name === 'sending, approved') as Scene;
    for (const script of [true, false]) {
      const studio = await scene.open();
      await inBrowser(
        studio,
        scene.path,
        async (page) => {
          const before = await studio.state();
          await page.getByRole('link', { name: 'Veto…' }).click();
          await page.getByRole('heading', { name: 'Veto issue 1?' }).waitFor();
          if (script) expect(await page.evaluate('document.activeElement.id')).toBe('question');
          await page.keyboard.press('Enter');
          await quiet(page, studio);
          expect(await studio.state()).toBe(before);
          await page.getByRole('button', { name: 'Veto issue 1' }).click();
          await page.locator('.approval.vetoed').waitFor();
          expect(JSON.parse(await studio.state()).approval[0]).toBe('vetoed');
          expect(new URL(page.url()).pathname).toBe('/n/weekly/send');
        },
        { script },
      );
    }
  });
});

describe('The arrows of a post', () => {
  const titles = (page: Page) => page.locator('.posts .title bdi').allTextContents();
  const isFocused = (page: Page, id: string) => page.evaluate<boolean>(`document.activeElement.id === '${id}'`);

  async function withPosts(work: (page: Page, studio: TestStudio) => Promise<void>): Promise<void> {
    const posts = ['a', 'b', 'c', 'd', 'e'].map((id, index) =>
      aPost({
        keys: { id, path: `${id}.md`, url: `https://blog.example.org/${id}/` },
        title: `Post ${id}`,
        publishedAt: new Date(`2026-06-1${9 - index}T08:00:00Z`),
      }),
    );
    const studio = await aStudio({ posts, renderer: plainRenderer, now: new Date('2026-06-20T12:00:00Z') });
    await inBrowser(studio, '/n/weekly', (page) => work(page, studio));
  }

  it('move it on with each press, also when presses are faster than the studio, with the focus and the pointer on it', async () => {
    await withPosts(async (page, studio) => {
      expect(await titles(page)).toEqual(['Post a', 'Post b', 'Post c', 'Post d', 'Post e']);
      // The studio answers nothing until all presses are made: what they do is shown before.
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route('**/arrange', async (route) => {
        await released;
        await route.continue();
      });
      const down = page.locator('.post', { hasText: 'Post a' }).locator('button[id$=-down]');
      const box = await down.boundingBox();
      if (!box) throw new Error('The arrow is not visible.');
      for (let press = 0; press < 3; press += 1) {
        await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { delay: 5 });
      }
      expect(await titles(page)).toEqual(['Post b', 'Post c', 'Post d', 'Post a', 'Post e']);
      release();
      await expect
        .poll(() => studio.arrangement(), { timeout: 60_000 })
        .toMatch(/order:[\s\S]*b[\s\S]*c[\s\S]*d[\s\S]*a[\s\S]*e/);
      await quiet(page, studio);
      expect(await titles(page)).toEqual(['Post b', 'Post c', 'Post d', 'Post a', 'Post e']);

      const up = page.locator('.post', { hasText: 'Post e' }).locator('button[id$=-up]');
      await up.focus();
      const id = (await up.getAttribute('id')) ?? '';
      for (let press = 0; press < 3; press += 1) await page.keyboard.press('Enter');
      await quiet(page, studio);
      expect(await titles(page)).toEqual(['Post b', 'Post e', 'Post c', 'Post d', 'Post a']);
      expect(await isFocused(page, id)).toBe(true);
      // At the end of the section the arrow cannot be pressed: the post has the focus, and more presses do nothing.
      for (let press = 0; press < 3; press += 1) await page.keyboard.press('Enter');
      await quiet(page, studio);
      expect(await titles(page)).toEqual(['Post e', 'Post b', 'Post c', 'Post d', 'Post a']);
      expect(await isFocused(page, id.replace('-up', ''))).toBe(true);
    });
  });

  it('leave the focus on the page after a post is excluded and included', async () => {
    await withPosts(async (page, studio) => {
      await page.locator('button[id$=-exclude]').first().focus();
      await page.keyboard.press('Enter');
      await quiet(page, studio);
      expect(await isFocused(page, 'arranged')).toBe(true);
      const include = page.locator('button[id$=-include-yes]');
      const id = ((await include.getAttribute('id')) ?? '').replace('-include-yes', '');
      await include.focus();
      await page.keyboard.press('Enter');
      await quiet(page, studio);
      expect(await isFocused(page, id)).toBe(true);
    });
  });
});

describe('An introduction in a browser', () => {
  it.each([true, false])(
    'comes back as it was typed, and a second save changes nothing (JavaScript: %s)',
    async (script) => {
      const studio = await aStudio({
        posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
        renderer: plainRenderer,
      });
      await inBrowser(
        studio,
        '/n/weekly',
        async (page) => {
          const field = page.locator('#introduction');
          for (const given of HOSTILE_TEXTS.filter((text) => text.length < 2000)) {
            const text = formText(given);
            await field.fill(text);
            const typed = await field.inputValue();
            expect(typed).toBe(text);
            const save = async () => {
              const saved = page.waitForResponse((answer) => answer.request().method() === 'POST');
              await page.locator('#introduction-save').click();
              await saved;
              await quiet(page, studio);
            };
            await save();
            const first = await studio.arrangement();
            await page.reload();
            expect(await field.inputValue()).toBe(text);
            await save();
            expect(await studio.arrangement()).toBe(first);
            expect(await field.inputValue()).toBe(text);
          }
        },
        { script },
      );
    },
  );
});
