/** An archived issue on paper, in the browsers people have (rule: as-a-web-page). */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { archivedHtml } from '../../src/readers/archived-html.js';
import { EVERYDAY_BROWSERS, isInstalled, openEverydayBrowser } from '../support/everyday-browsers.js';

const PDFTOTEXT = '/usr/bin/pdftotext';
const hasReader = existsSync(PDFTOTEXT);
if (!hasReader)
  console.warn(`${PDFTOTEXT} is missing (Debian: apt-get install poppler-utils): printing is not tested.`);

for (const everyday of EVERYDAY_BROWSERS) {
  it.skipIf(!hasReader || !isInstalled(everyday))(`${everyday.name} prints an issue without blank sheets`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gazette-print-'));
    const browser = await openEverydayBrowser(everyday);
    try {
      for (const theme of ['plain', 'magazine']) {
        const mail = await readFile(new URL(`../golden/${theme}.en.html`, import.meta.url), 'utf8');
        const path = join(folder, `${theme}.html`);
        await writeFile(path, archivedHtml(mail));
        const page = await browser.newPage();
        await page.goto(`file://${path}`, { waitUntil: 'domcontentloaded' });
        await page.pdf({ path: `${path}.pdf`, format: 'A4' });
        const sheets = execFileSync(PDFTOTEXT, ['-layout', `${path}.pdf`, '-'], { encoding: 'utf8' })
          .split('\f')
          .slice(0, -1);
        expect(sheets.length, theme).toBeLessThanOrEqual(5);
        expect(sheets[0], theme).toContain('The baseline that breathed');
        // All but the last are full.
        for (const sheet of sheets.slice(0, -1)) expect(sheet.trim().split('\n').length, theme).toBeGreaterThan(12);
        await page.close();
      }
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
