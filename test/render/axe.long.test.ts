import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { aRichIssueIn, READER, testThemeRenderers } from '../support/render-fixtures.js';
import { axeFindings, openBrowser, type TestBrowser } from '../support/web-browser.js';

const themes = testThemeRenderers();
let opened: TestBrowser;
beforeAll(async () => {
  opened = await openBrowser();
});
afterAll(() => opened?.close());

/** Landmarks are a page's: a mail stands inside the page of its client, which has its own. */
const OF_PAGES = ['region', 'landmark-one-main'];

async function findingsIn(html: string, colorScheme: 'light' | 'dark'): Promise<readonly string[]> {
  const page = await opened.browser.newPage({ colorScheme, viewport: { width: 600, height: 900 } });
  await page.route(/^https?:/, (route) => route.abort());
  await page.setContent(html, { waitUntil: 'domcontentloaded' });
  const findings = await axeFindings(page, OF_PAGES);
  await page.close();
  return findings;
}

describe.each(['plain', 'magazine'])('the theme %s, in a browser', (theme) => {
  it.each([
    ['en', 'light'],
    ['en', 'dark'],
    ['ar', 'light'],
    ['ar', 'dark'],
  ] as const)('can be read by everybody: in %s, %s', async (language, colorScheme) => {
    const mail = await themes.render(aRichIssueIn(language, theme));
    expect(await findingsIn(fillSegments(mail.html, READER), colorScheme)).toEqual([]);
  });

  it.each([
    ['light', '#eeeeee'],
    ['dark', '#222222'],
  ] as const)('is told from one that cannot be read: %s', async (colorScheme, pale) => {
    const mail = await themes.render(aRichIssueIn('en', theme));
    const words = `<b style="color:${pale} !important">Some words</b></h3>`;
    const html = fillSegments(mail.html, READER)
      .replace(/ alt="[^"]*"/, '')
      .replaceAll('</h3>', words);
    const rules = (await findingsIn(html, colorScheme)).map((finding) => finding.split(':')[0]);
    expect(new Set(rules)).toEqual(new Set(['image-alt', 'color-contrast']));
  });
});
