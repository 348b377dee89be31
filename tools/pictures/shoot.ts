/**
 * Pictures of mails as a client shows them: `npx tsx tools/pictures/shoot.ts [--to <folder>] <html files…>`.
 * Each file at 600 and 360 CSS pixels, light and dark. Pictures of posts come from content/posts/images by their file name.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser } from '../../test/support/web-browser.js';

const WIDTHS = [600, 360];
const SCHEMES = ['light', 'dark'] as const;
const IMAGES = resolve(import.meta.dirname, '../../content/posts/images');

/** A grey rectangle for pictures that are not at hand. */
const STAND_IN = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#9aa5a0"/></svg>`;

async function shoot(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { browser, close } = await openBrowser();
  try {
    for (const file of files) {
      for (const colorScheme of SCHEMES) {
        for (const width of WIDTHS) {
          const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
          await page.route(/^https?:/, async (route) => {
            const path = join(IMAGES, basename(new URL(route.request().url()).pathname));
            if (existsSync(path)) await route.fulfill({ body: await readFile(path) });
            else await route.fulfill({ contentType: 'image/svg+xml', body: STAND_IN });
          });
          await page.goto(pathToFileURL(resolve(file)).href);
          const path = join(folder, `${basename(file, '.html')}-${width}-${colorScheme}.png`);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
          await page.screenshot({ path, fullPage: true });
          console.log(path, Number(overflow) > 0 ? `${overflow} px too wide` : '');
          await page.close();
        }
      }
    }
  } finally {
    await close();
  }
}

const given = process.argv.slice(2);
const to = given.indexOf('--to');
const folder = to < 0 ? join(tmpdir(), 'gazette-shots') : resolve(given[to + 1] ?? '.');
await shoot(
  given.filter((_, index) => to < 0 || (index !== to && index !== to + 1)),
  folder,
);
