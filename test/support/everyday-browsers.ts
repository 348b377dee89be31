/** Chromium and Firefox as people have them, from Debian's packages: with the cache for going back, and their own questions. */
import { existsSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';

export interface EverydayBrowser {
  readonly name: 'chrome' | 'firefox';
  readonly path: string;
}

export const EVERYDAY_BROWSERS: readonly EverydayBrowser[] = [
  { name: 'chrome', path: '/usr/bin/chromium' },
  { name: 'firefox', path: '/usr/bin/firefox-esr' },
];

/** Says so when it is not. */
export function isInstalled({ path }: EverydayBrowser): boolean {
  if (existsSync(path)) return true;
  console.warn(`${path} is missing (Debian: apt-get install chromium firefox-esr): its tests are skipped.`);
  return false;
}

export function openEverydayBrowser({ name, path }: EverydayBrowser): Promise<Browser> {
  return launch({
    browser: name,
    executablePath: path,
    headless: true,
    args: name === 'chrome' ? ['--no-sandbox'] : [],
    protocolTimeout: 300_000,
  });
}
