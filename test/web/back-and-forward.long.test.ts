/** The studio in the browsers people have, which keep the pages that were left (rule: as-a-web-page). */
import { type Browser, type Page, TimeoutError } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserForm, formsIn, type PageButton } from '../support/browser-form.js';
import { EVERYDAY_BROWSERS, isInstalled, openEverydayBrowser } from '../support/everyday-browsers.js';
import type { TestStudio } from '../support/studio.js';
import { SCENES } from '../support/studio-scenes.js';

function openScene(name: string): Promise<TestStudio> {
  const scene = SCENES.find((each) => each.name === name);
  if (!scene) throw new Error(`There is no scene “${name}”.`);
  return scene.open();
}

for (const everyday of EVERYDAY_BROWSERS) {
  describe.skipIf(!isInstalled(everyday))(`In ${everyday.name}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openEverydayBrowser(everyday);
    });
    afterAll(async () => browser?.close());

    async function inStudio(studio: TestStudio, path: string, work: (page: Page) => Promise<void>): Promise<void> {
      const served = await studio.serve();
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      try {
        await page.goto(`${served.url}${path}`);
        await work(page);
      } finally {
        await page.close();
        await served.close();
      }
    }

    it('every click on a tab is answered, however many there were before', async () => {
      await inStudio(await openScene('an arranged issue'), '/n/weekly', async (page) => {
        for (let round = 0; round < 4; round += 1) {
          for (const tab of ['mail', 'send', 'issues']) await follow(page, `nav.tabs a[href$="/${tab}"]`);
        }
        expect(page.url()).toMatch(/issues$/);
      });
    });

    it('Back leads from the mail to the page before, whatever was looked at there', async () => {
      await inStudio(await openScene('an arranged issue'), '/n/weekly/issues', async (page) => {
        await follow(page, 'nav.tabs a[href$="/mail"]');
        const steps = await page.evaluate('history.length');
        for (const [choice, shown] of [
          ['scheme][value=dark', 'scheme=dark'],
          ['images][value=off', 'images=off'],
        ]) {
          await page.click(`input[name=${choice}]`);
          await until(page, `location.search.includes('${shown}') && !document.body.hasAttribute('aria-busy')`);
        }
        await expect.poll(() => page.frames().some((frame) => frame.url().includes('scheme=dark'))).toBe(true);
        expect(await page.evaluate('history.length')).toBe(steps);
        await page.goBack({ waitUntil: 'domcontentloaded' });
        expect(page.url()).toMatch(/issues$/);
      });
    });

    it('words that were typed come back after a reload, and are saved without a press', async () => {
      const studio = await openScene('an arranged issue');
      await inStudio(studio, '/n/weekly', async (page) => {
        await type(page, ' One.');
        await page.reload({ waitUntil: 'domcontentloaded' });
        expect(await words(page)).toContain('One.');
        await expect.poll(() => studio.arrangement(), { timeout: 60_000 }).toContain('One.');
        await type(page, ' Two.');
        await until(
          page,
          `/^Saved \\d\\d:\\d\\d$/.test(document.querySelector('#introduction-told [role=status]').textContent)`,
        );
        expect(await studio.arrangement()).toContain('One. Two.');
        expect(await asks(page)).toBe(false);
        // Another page at once, before they are saved.
        await type(page, ' Three.');
        await follow(page, 'nav.tabs a[href$="/issues"]');
        await page.goBack({ waitUntil: 'domcontentloaded' });
        await expect.poll(() => words(page)).toContain('One. Two. Three.');
        await expect.poll(() => studio.arrangement(), { timeout: 60_000 }).toContain('One. Two. Three.');
      });
    });

    it('words that cannot be saved are not left without a question, and stay over a reload', async () => {
      const studio = await openScene('an arranged issue');
      await inStudio(studio, '/n/weekly', async (page) => {
        await page.evaluate(`document.querySelector('#introduction-words [name=version]').value = 'of before'`);
        await type(page, ' Mine.');
        await page.waitForSelector('#refusal');
        expect(await asks(page)).toBe(true);
        expect(await words(page)).toContain('Mine.');
        expect(await studio.arrangement()).not.toContain('Mine.');
      });
    });

    it('words of an approved issue are saved by the button alone, since that voids the approval', async () => {
      const studio = await openScene('an approved issue');
      await inStudio(studio, '/n/weekly', async (page) => {
        const state = await studio.state();
        await type(page, ' More.');
        await page.keyboard.press('Tab');
        expect(await page.$eval('#introduction-told', ({ textContent }) => textContent)).toContain(
          'voids the approval',
        );
        expect(await asks(page)).toBe(true);
        expect(await studio.state()).toBe(state);
        await page.click('#introduction-save');
        await expect.poll(() => studio.arrangement(), { timeout: 60_000 }).toContain('More.');
      });
    });

    it('Back and Forward after any act show a page without an error, and do nothing', async () => {
      const seen = new Set<string>();
      for (const scene of SCENES) {
        const path = `${scene.path}${scene.path.includes('?') ? '&' : '?'}`;
        const buttons = formsIn(await (await scene.open()).read(scene.path)).flatMap((form) =>
          form.method === 'post' ? form.buttons.map((button) => [button.id, actOf(form, button)] as const) : [],
        );
        for (const [id, act] of buttons) {
          if (seen.has(act)) continue;
          seen.add(act);
          const studio = await scene.open();
          await inStudio(studio, '/n/weekly/issues', async (page) => {
            await page.goto(new URL(path, page.url()).href, { waitUntil: 'domcontentloaded' });
            if (await page.$('#address')) await page.type('#address', 'ada@example.org');
            const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
            await page.click(`[id="${id}"]`);
            await answered;
            await until(page, `!document.body.hasAttribute('aria-busy')`);
            await studio.settled();
            const state = await studio.state();
            const steps = [() => page.goBack(), () => page.goForward(), () => page.reload(), () => page.goBack()];
            for (const step of steps) {
              await step();
              expect(await page.$eval('h1', ({ textContent }) => textContent), act).not.toMatch(
                /did not work|no such page/,
              );
            }
            expect(await studio.state(), act).toBe(state);
          });
        }
      }
      expect(seen.size).toBeGreaterThan(15);
    });
  });
}

function actOf(form: BrowserForm, button: PageButton): string {
  return button.name === 'place' ? 'place' : button.value || form.value('action') || form.action;
}

/** Waits for an expression to be true. The policy of the pages allows no function made of text, so the driver's own waiting fails. */
const until = (page: Page, expression: string) =>
  expect.poll(() => page.evaluate(expression), { timeout: 60_000, message: expression }).toBe(true);

/** Types at the end of the introduction. */
async function type(page: Page, text: string): Promise<void> {
  await page.focus('#introduction');
  await page.$eval('#introduction', (field) => {
    const area = field as unknown as { value: string; setSelectionRange(from: number, to: number): void };
    area.setSelectionRange(area.value.length, area.value.length);
  });
  await page.keyboard.type(text);
}

const words = (page: Page) => page.evaluate<[], () => string>(`document.querySelector('#introduction').value` as never);

/** Whether the browser would ask before it leaves the page. */
const asks = (page: Page) =>
  page.evaluate<[], () => boolean>(`!dispatchEvent(new Event('beforeunload', { cancelable: true }))` as never);

/** Clicks on a link and waits for its page. */
async function follow(page: Page, link: string): Promise<void> {
  try {
    await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.click(link)]);
  } catch (error) {
    if (error instanceof TimeoutError) throw new Error(`${link} on ${page.url()} is not answered.`);
    throw error;
  }
}
