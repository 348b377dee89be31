/** Printing does not hold up a process that serves people: MJML, which takes a second to load alone, runs in another thread. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openInbox } from '../../src/platform/inbox.js';
import { openStore } from '../../src/store/index.js';
import { aWorkspace, type Env, manyReaders, ROOT, type Running, startGazette, WEEKLY } from '../support/e2e-gazette.js';

const HOUR_MS = 3_600_000;
const OBSERVED = { node: ['--import', join(ROOT, 'test', 'support', 'e2e-observe.mjs')] };

function started(args: readonly string[], folder: string, env: Env): Running {
  const run = startGazette(args, { folder, env: { ...env, E2E_OBSERVE: join(folder, 'seen.json') }, ...OBSERVED });
  onTestFinished(async () => {
    run.child.kill('SIGKILL');
    await run.ended;
  });
  return run;
}

/** Resolves with the first line that matches. */
function said(run: Running, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    run.onLine((line) => {
      const match = pattern.exec(line);
      if (match) resolve(match[1] ?? match[0]);
    });
    void run.ended.then(({ stdout, stderr }) => reject(new Error(`It ended without ${pattern}: ${stdout}${stderr}`)));
  });
}

/** The printing libraries that the main thread had loaded when it was stopped. */
async function loadedBy(run: Running, folder: string): Promise<readonly string[]> {
  run.child.kill('SIGTERM');
  await run.ended;
  return JSON.parse(await readFile(join(folder, 'seen.json'), 'utf8')).loaded;
}

it('the service makes and sends an issue without loading MJML into its event loop', async () => {
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  const env = {
    SMTP_URL: inbox.url,
    GAZETTE_PUBLIC_URL: 'https://news.example.org',
    GAZETTE_SECRET: 'a:0123456789abcdefghijklmnopqrstuvwxyz',
    GAZETTE_LOG: 'info json',
  };
  const now = Date.now();
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const files = {
    'content/newsletters/weekly.yaml': WEEKLY.replace(/schedule: .*/, 'schedule: "0 * * * *"'),
    'content/posts/a-valve.md': `---\ntitle: A valve\ndate: ${new Date(hour - HOUR_MS / 2).toISOString()}\n---\n\nThe body.\n`,
  };
  const folder = await aWorkspace({ readers: manyReaders(3), files }, env);
  const store = await openStore(join(folder, '.gazette', 'gazette.db'));
  const followed = { schedule: '0 * * * *', timezone: 'UTC', since: hour - HOUR_MS };
  await store.shared.change('schedule weekly', () => ({ after: followed, result: undefined }));
  await store.close();

  const run = started(['serve', '--port', '0'], folder, env);
  await said(run, /"issue\.sending-ended"/);
  expect(inbox.mails.map(({ raw }) => Buffer.from(raw).includes('A valve'))).toEqual([true, true, true]);
  expect(await loadedBy(run, folder)).toEqual(['handlebars']);
});

it('the studio shows the next issue without loading MJML into its event loop', async () => {
  const folder = await aWorkspace();
  const run = started(['studio', '--port', '0'], folder, {});
  const url = await said(run, /open at (\S+)/);
  const page = await fetch(new URL('/n/weekly/frame', url));
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('The body');
  expect(await loadedBy(run, folder)).toEqual(['handlebars']);
});
