/** The studio's first run: from a folder without settings to settings that every command reads. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PACKAGE, readWorkspace } from '../../src/build-app.js';
import { localFiles } from '../../src/platform/files.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { initFrom } from '../../src/run-init.js';
import { parseHere } from '../../src/sources/index.js';
import { openFirstRunSite } from '../../src/web/studio/first-run-site.js';

const HOST = '127.0.0.1:4400';
const files = localFiles();
const pages = openStudioPages(openTemplateFiles({ files, folders: [join(PACKAGE, 'templates', 'studio')] }));

async function aFirstRun() {
  const folder = await mkdtemp(join(tmpdir(), 'gazette-first-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'site/content/posts'), { recursive: true });
  await writeFile(join(folder, 'site/hugo.toml'), 'baseURL = "https://notes.example.org/"\ntitle = "Notes <b>"\n');
  await writeFile(
    join(folder, 'site/content/posts/one.md'),
    '---\ntitle: One\ndate: 2026-06-01\ntags: [news]\n---\nWords.\n',
  );
  const root = join(folder, 'digest');
  const told: string[] = [];
  const site = openFirstRunSite({
    guard: { hosts: new Set([HOST]) },
    folder: root,
    init: (request) => initFrom({ env: {}, folder, isTerminal: false, runParse: parseHere }, files, root, request),
    print: (view) => pages.print('first-run', view, 'UTC'),
    asset: async () => undefined,
    onWritten: () => told.push('written'),
  });
  const get = async (path = '/') => (await site.request(`http://${HOST}${path}`, { headers: { Host: HOST } })).text();
  const post = (path: string, fields: { readonly [name: string]: string } = {}, origin = `http://${HOST}`) =>
    site.request(`http://${HOST}${path}`, {
      method: 'POST',
      headers: { Host: HOST, Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  return { folder, root, told, get, post };
}

describe('the studio in a folder without settings', () => {
  it('asks for the blog, shows what is there, and writes it only then', async () => {
    const { root, told, get, post } = await aFirstRun();
    expect(await get()).toContain('Which blog is it?');
    expect((await post('/look', { from: 'site' })).status).toBe(303);
    const shown = await get();
    expect(shown).toContain('a site made with Hugo (hugo.toml), with 1 post.');
    expect(shown).toContain('value="Notes &lt;b&gt;"');
    expect(await files.list(root)).toBeUndefined();
    const answers = { title: 'Mine', timezone: 'Europe/Berlin', schedule: '0 8 1 * *', sender: 'me@example.org' };
    await post('/write', answers);
    expect(told).toEqual(['written']);
    expect(await get()).toContain('The studio is opening');
    expect((await readWorkspace(files, root)).newsletters[0]).toMatchObject({
      ...{ title: 'Mine', timezone: 'Europe/Berlin', schedule: '0 8 1 * *', sender: { address: 'me@example.org' } },
    });
    await post('/write', { ...answers, title: 'Again' });
    expect(told).toEqual(['written']);
    expect(await readFile(join(root, 'content/newsletters/weekly.yaml'), 'utf8')).toContain('title: Mine');
  });

  it('keeps what was typed where it cannot be used, and says why', async () => {
    const { root, told, get, post } = await aFirstRun();
    await post('/look', { from: 'site' });
    await post('/write', { title: 'Mine', timezone: 'Mars/Base', schedule: '0 8 * * 1' });
    const shown = await get();
    expect(shown).toContain('timezone');
    expect(shown).toContain('value="Mars/Base"');
    expect([await files.list(root), told]).toEqual([undefined, []]);
  });

  it('says what is wrong with a place, and asks again', async () => {
    const { get, post } = await aFirstRun();
    await post('/look', { from: 'nowhere' });
    const shown = await get();
    expect(shown).toContain('does not exist');
    expect(shown).toContain('value="nowhere"');
  });

  it('asks no private address unless its editor says that it is theirs', async () => {
    const { get, post } = await aFirstRun();
    for (const from of [
      'http://127.0.0.1:9/',
      'http://169.254.169.254/latest/',
      'http://[::1]:9/',
      'http://2130706433/',
    ]) {
      await post('/look', { from });
      expect(await get(), from).toContain('leads into a private network');
    }
    await post('/look', { from: 'http://127.0.0.1:9/', private: 'yes' });
    expect(await get()).not.toContain('leads into a private network');
  });

  it('changes nothing for a request of another site', async () => {
    const { root, get, post } = await aFirstRun();
    for (const path of ['/look', '/write', '/again'])
      expect((await post(path, { from: 'site' }, 'https://evil.example')).status, path).toBe(403);
    expect(await get()).toContain('Which blog is it?');
    expect(await files.list(root)).toBeUndefined();
  });
});
