/** The studio in the browsers people have, which keep the pages that were left (rule: as-a-web-page). */
import { type Browser, type Page, TimeoutError } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  });
}

/** Clicks on a link and waits for its page. */
async function follow(page: Page, link: string): Promise<void> {
  try {
    await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.click(link)]);
  } catch (error) {
    if (error instanceof TimeoutError) throw new Error(`${link} on ${page.url()} is not answered.`);
    throw error;
  }
}
