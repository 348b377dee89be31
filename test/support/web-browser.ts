/** A real Chromium, for tests of pages and for pictures of them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<TestBrowser> {
  const { default: chromium } = await import('@sparticuz/chromium');
  const { chromium: playwright } = await import('playwright-core');
  // The browser unpacks itself below TMPDIR and would take up another version's leavings there.
  const unpacked = await mkdtemp(join(tmpdir(), 'gazette-browser-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = unpacked;
  const executablePath = await chromium.executablePath();
  // The files after this one have temporary folders of their own.
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  const browser = await playwright.launch({
    executablePath,
    args: ['--no-sandbox'],
    env: { ...process.env, TMPDIR: unpacked },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(unpacked, { recursive: true, force: true });
    },
  };
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let axe: Promise<string> | undefined;

/**
 * What axe finds wrong: the id of its rule, then the element. The page's policy allows no script: axe is run beside it.
 * @param without rules that do not apply
 */
export async function axeFindings(page: Page, without: readonly string[] = []): Promise<readonly string[]> {
  axe ??= readFile(AXE, 'utf8');
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await axe);
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const options = JSON.stringify({ resultTypes: ['violations'], rules });
  return page.evaluate(`axe.run(${options}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 120))))`);
}
