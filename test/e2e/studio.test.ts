/** An editor at work in a real browser, on the built program, with a mail server that goes wrong. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import {
  aPostFile,
  aWorkspace,
  type Env,
  gazetteJson,
  manyReaders,
  ROOT,
  startGazette,
  WEEKLY,
} from '../support/e2e-gazette.js';
import { openRoughServer } from '../support/e2e-smtp.js';
import { axeFindings, openBrowser, type TestBrowser } from '../support/web-browser.js';

const READERS = 500;
const REFUSED = 'reader13@example.org';

let chromium: TestBrowser;
beforeAll(async () => {
  chromium = await openBrowser();
});
afterAll(async () => chromium.close());

/** Starts the studio and waits until it says where it is. */
async function aStudio(folder: string, env: Env, args: readonly string[] = []): Promise<string> {
  const run = startGazette(['studio', '--port', '0', '--as', 'Ada', ...args], { folder, env });
  onTestFinished(async () => {
    run.child.kill('SIGTERM');
    await run.ended;
  });
  return new Promise((resolve, reject) => {
    run.onLine((line) => {
      const url = /open at (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    void run.ended.then(({ stderr }) => reject(new Error(`the studio ended: ${stderr}`)));
  });
}

/** A page of the studio; what it showed at each step is kept when the test fails. */
async function aPage(url: string) {
  const context = await chromium.browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const shots: { readonly name: string; readonly image: Buffer }[] = [];
  onTestFailed(async () => {
    const folder = join(ROOT, 'test-results', 'studio');
    await mkdir(folder, { recursive: true });
    const last = { name: 'last', image: await page.screenshot({ fullPage: true }).catch(() => Buffer.alloc(0)) };
    for (const { name, image } of [...shots, last]) await writeFile(join(folder, `${name}.png`), image);
    await context.close();
  });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  const shot = async (name: string) => {
    const nth = String(shots.length + 1).padStart(2, '0');
    shots.push({ name: `${nth}-${name}`, image: await page.screenshot({ fullPage: true }) });
  };
  return { page, shot, errors };
}

const titles = (page: Page) => page.locator('.posts .title bdi').allTextContents();
const main = (page: Page) => page.locator('main');

describe('the studio', () => {
  it('takes an issue from a saved file to 500 readers: seen, arranged, tested, approved, changed, approved, sent, paused, resumed, proved', async () => {
    const server = await openRoughServer({ refuses: (address) => address === REFUSED, silentEvery: 90 });
    onTestFinished(() => server.close());
    const env = { SMTP_URL: server.url, GAZETTE_RATE: '80/s' };
    const folder = await aWorkspace(
      {
        readers: manyReaders(READERS, (nth) => (nth % 3 === 0 ? ['software'] : [])),
        files: {
          'content/newsletters/weekly.yaml': `${WEEKLY}approval: required\n`,
          'content/posts/a-valve.md': aPostFile('A valve', ['software']),
          'content/posts/a-parser.md': aPostFile('A parser', ['software']),
        },
      },
      env,
    );
    const { page, shot, errors } = await aPage(await aStudio(folder, env));

    // A saved file is seen in the open page.
    await page.getByText('Issue 1', { exact: true }).waitFor();
    const valve = join(folder, 'content/posts/a-valve.md');
    const save = async (from: string, to: string) =>
      writeFile(valve, (await readFile(valve, 'utf8')).replaceAll(from, to));
    await save('A valve', 'A quiet valve');
    await page.locator('.posts').getByText('A quiet valve').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await shot('saved');

    // Reordered, introduced, given a subject: all of it is a file.
    const before = await titles(page);
    await page.getByRole('button', { name: `Move “${before[0]}” down` }).click();
    await expect.poll(() => titles(page), { timeout: 120_000 }).toEqual([...before].reverse());
    await page.getByLabel('Introduction').fill('A word from *Ada* before all else.');
    await page.locator('#introduction-save').click();
    await expect.poll(async () => arrangementIn(folder), { timeout: 120_000 }).toContain('A word from *Ada*');
    await page.getByLabel('Subject').fill('All about valves');
    await page.locator('#subject-save').click();
    await page.locator('.head').getByText('All about valves').waitFor();
    expect(await arrangementIn(folder)).toMatch(/subject: .*All about valves/);
    await shot('arranged');

    // The mail says so, in a frame that may do nothing.
    await page.getByRole('link', { name: 'Mail', exact: true }).click();
    const mail = page.frameLocator('.frames iframe');
    await mail.getByText('before all else').waitFor();
    expect(await mail.locator('a[href]').count()).toBe(0);
    expect(await mail.locator('a[data-dead]').count()).toBeGreaterThan(3);
    await shot('mail');
    await save('The body of', 'A wise word of');
    await mail.getByText('A wise word of').waitFor();

    // axe looks at it in the editor's own browser.
    await page.getByRole('link', { name: 'Checks', exact: true }).click();
    await page.getByText('axe found no problems.').waitFor();
    await shot('checks');

    // A test, outside the ledger.
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByLabel('Address').fill('ada@example.org');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The test was sent to ada@example.org').waitFor();
    expect(server.taken.map(({ to, raw }) => [to, /^Subject: \[Test\] All about valves/m.test(raw)])).toEqual([
      ['ada@example.org', true],
    ]);

    // Approved; voided by an edit, which is named; approved again.
    await page.getByRole('button', { name: 'Approve issue 1' }).click();
    await page.locator('.approval.approved').getByText('Approved by Ada').waitFor();
    await shot('approved');
    await save('A wise word of', 'A better word of');
    await page.locator('.approval.void').getByText('The approval is void').waitFor();
    await main(page).getByText('the post “A quiet valve” was edited').waitFor();
    await shot('void');
    await page.getByRole('button', { name: 'Approve issue 1' }).click();
    await page.locator('.approval.approved').getByText('Approved by Ada').waitFor();

    // Sent by hand, after a question that names what leaves; paused and resumed from the page.
    await page.getByRole('link', { name: 'Send issue 1 now…' }).click();
    await main(page).getByText(`${READERS} readers`).first().waitFor();
    expect(await main(page).textContent()).toContain('A quiet valve');
    await shot('confirm');
    await page.getByRole('button', { name: `Send to ${READERS} readers` }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => server.taken.length, { timeout: 120_000 }).toBeGreaterThan(40);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.sending.paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await shot('paused');
    expect(server.taken.length).toBeLessThan(READERS);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('All readers are accounted for.').waitFor({ timeout: 120_000 });
    await main(page).getByText('No such reader').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await shot('done');

    const verified = await gazetteJson(['issue', 'verify', '1'], { folder, env });
    expect(verified.json).toMatchObject({ ok: true, accepted: READERS - 1, rejected: 1, unknown: 0 });
    expect(verified.code).toBe(0);
    const sent = server.taken.slice(1);
    expect(new Set(sent.map(({ to }) => to)).size).toBe(READERS - 1);
    // Whoever has two copies has the same one twice.
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(READERS - 1);
    expect(sent.every(({ raw }) => /^Subject: All about valves/m.test(raw))).toBe(true);

    // It stands in the history, as it left, and says why somebody got nothing.
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByRole('link', { name: '1', exact: true }).click();
    await page.getByLabel('Did a reader receive it, and if not, why?').fill(REFUSED);
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('No such reader').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await shot('history');
    expect(errors).toEqual([]);
  });

  it('keeps mails to itself without a mail server, and has them in its inbox', async () => {
    const folder = await aWorkspace({ readers: manyReaders(3) });
    const { page, shot } = await aPage(await aStudio(folder, {}));
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await main(page).getByText('no reader receives anything').first().waitFor();
    await page.getByLabel('Address').fill('ada@example.org');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The test was sent to ada@example.org').waitFor();
    await page.getByRole('link', { name: /^Inbox/ }).click();
    await main(page).getByText('[Test]').first().waitFor();
    await page.frameLocator('.frames iframe').getByText('Notes').first().waitFor();
    await shot('inbox');
    expect(await axeFindings(page)).toEqual([]);

    // An issue would count as sent, although nobody received it.
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.locator('#no-server').getByText('Test mails arrive in the inbox.').waitFor();
    expect(await page.getByRole('link', { name: 'Send issue 1 now…' }).count()).toBe(0);
  });

  it('loses no words of the editor when they are refused, nor those of another editor', async () => {
    const folder = await aWorkspace({ readers: manyReaders(2) });
    const { page, errors } = await aPage(await aStudio(folder, {}));
    const words = page.getByLabel('Introduction');
    const keep = () => page.locator('#introduction-save').click();
    await page.getByLabel('Subject').fill('First');
    await page.locator('#subject-save').click();
    await page.locator('.head').getByText('First').waitFor();

    // Too long: it is said, and stays where it was written.
    await words.fill('long '.repeat(60_000));
    await keep();
    await page.getByRole('alert').getByText('too large').waitFor();
    expect(await words.inputValue()).toHaveLength(300_000);

    // Another editor was faster: their words are not replaced unseen, and the page shows what else they did.
    const [file = ''] = await readdir(join(folder, 'content/issues/weekly'));
    // Set without an event, or they would be saved at once.
    await words.evaluate((field) => {
      (field as unknown as { value: string }).value = 'Mine.';
    });
    await writeFile(join(folder, 'content/issues/weekly', file), 'subject: Second\nintroduction: Theirs.\n');
    await page.locator('.head').getByText('Second').waitFor();
    expect(await words.inputValue()).toBe('Mine.');
    await keep();
    await page.getByRole('alert').getByText('has changed since this page was loaded').waitFor();
    expect(await words.inputValue()).toBe('Mine.');
    expect(await arrangementIn(folder)).toContain('Theirs.');

    // Told of it, they may; and what they do beside it keeps nothing back.
    await expect.poll(() => page.locator('body').getAttribute('aria-busy')).toBeNull();
    await keep();
    await expect.poll(async () => arrangementIn(folder), { timeout: 120_000 }).toContain('Mine.');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await words.fill('Mine, once more.');
    await page.getByLabel('Subject').fill('Third');
    await page.locator('#subject-save').click();
    await page.locator('.head').getByText('Third').waitFor();
    await keep();
    await expect.poll(async () => arrangementIn(folder), { timeout: 120_000 }).toContain('Mine, once more.');
    expect(errors).toEqual([]);
  });

  it('shows sample readers where there is no ledger, and offers neither approval nor send', async () => {
    const folder = await aWorkspace({
      files: {
        'content/newsletters/weekly.yaml': `${WEEKLY}approval: required\n`,
        'content/posts/a.md': aPostFile('A valve', ['software']),
        'content/subscribers.csv': 'email,consent_source\nsample@example.org,test\n',
      },
    });
    const { page, shot } = await aPage(await aStudio(folder, {}));
    await page.getByText('No ledger here').waitFor();
    await main(page).getByText('1 of 1 reader would get it').waitFor();
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await main(page).getByText('This workspace has no ledger').waitFor();
    expect(await page.getByRole('button', { name: /Approve|Veto/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: /Send issue/ }).count()).toBe(0);
    await shot('no-ledger');
  });

  it('goes on with what it had while a settings file is broken, and tells where', async () => {
    const folder = await aWorkspace({ readers: manyReaders(2) });
    const { page } = await aPage(await aStudio(folder, {}));
    await page.getByText('Issue 1', { exact: true }).waitFor();
    const file = join(folder, 'content/newsletters/weekly.yaml');
    await writeFile(file, WEEKLY.replace('schedule:', 'shedule:'));
    await page.getByRole('alert').getByText('shedule').first().waitFor();
    await main(page).getByText('A valve').first().waitFor();
    await writeFile(file, WEEKLY.replace('title: Notes', 'title: Other notes'));
    await page.getByRole('navigation', { name: 'Newsletters' }).getByText('Other notes').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

async function arrangementIn(folder: string): Promise<string> {
  const place = join(folder, 'content/issues/weekly');
  const [file] = await readdir(place).catch(() => []);
  return file === undefined ? '' : readFile(join(place, file), 'utf8');
}
