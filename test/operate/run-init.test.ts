/** `gazette init --from`, from a folder on disk to settings that every command reads. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/build-app.js';
import type { InitRequest } from '../../src/cli/context.js';
import { localFiles } from '../../src/platform/files.js';
import { initFrom } from '../../src/run-init.js';
import { parseHere } from '../../src/sources/index.js';

const POST = '---\ntitle: One\ndate: 2026-06-01\ntags: [news]\n---\nWords.\n';
const HUGO = {
  'site/hugo.toml': 'baseURL = "https://notes.example.org/"\ntitle = "Notes"\nlanguageCode = "en-gb"\n',
  'site/content/posts/one.md': POST,
};

const made: string[] = [];
afterEach(() => Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true }))));

async function aFolder(files: { readonly [path: string]: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gazette-init-'));
  made.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const files = localFiles();
const initIn = (folder: string, request: Partial<InitRequest> = {}) =>
  initFrom({ env: {}, folder, isTerminal: false, runParse: parseHere }, files, join(folder, 'digest'), {
    from: 'site',
    ...request,
  });
const newsletterOf = async (folder: string) => (await readWorkspace(files, join(folder, 'digest'))).newsletters[0];

describe('init --from', () => {
  it.each([
    ['en-gb', 'en-GB'],
    ['de_ch', 'de-CH'],
    // There are no messages in these, and a newsletter without messages cannot be rendered.
    ['fr', 'en'],
    ['English', 'en'],
  ])('makes settings that can be used of a site in “%s”', async (written, language) => {
    const config = HUGO['site/hugo.toml'].replace('en-gb', written);
    const folder = await aFolder({ ...HUGO, 'site/hugo.toml': config });
    await initIn(folder);
    expect(await newsletterOf(folder)).toMatchObject({ title: 'Notes', language });
  });

  it('says that there are no messages in the language of the blog, and where to write them', async () => {
    const folder = await aFolder(HUGO);
    const { found } = await initIn(folder, { language: 'fr' });
    expect(found.notes.join()).toContain('no messages in “fr”');
    expect(await readFile(join(folder, 'digest/content/newsletters/weekly.yaml'), 'utf8')).toContain(
      'messages/fr.yaml',
    );
  });

  it('takes messages that the workspace has itself', async () => {
    const folder = await aFolder({ ...HUGO, 'digest/templates/messages/fr.yaml': 'a: b\n' });
    await initIn(folder, { language: 'fr' });
    expect(await newsletterOf(folder)).toMatchObject({ language: 'fr' });
  });

  it.each([
    [{ timezone: 'Mars/Base' }, 'timezone'],
    [{ schedule: 'weekly' }, 'schedule'],
    [{ sender: 'nobody' }, 'sender'],
  ])('writes nothing when an option cannot be used: %j', async (request, key) => {
    const folder = await aFolder(HUGO);
    const failure = await initIn(folder, request).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'usage', message: expect.stringContaining(key) });
    expect(await files.list(join(folder, 'digest'))).toBeUndefined();
  });

  it('leaves settings that are there alone, and adds no half of others', async () => {
    const folder = await aFolder({ ...HUGO, 'digest/content/sources.yaml': 'mine: { kind: feed }\n' });
    const { written } = await initIn(folder);
    expect(written).toMatchObject({ kept: ['content/sources.yaml'], written: ['.gitignore', '.env'] });
    expect(await readFile(join(folder, 'digest/content/sources.yaml'), 'utf8')).toContain('mine');
  });

  it('says why a site has nothing to publish', async () => {
    const undated = POST.replace(/date: .*\n/, '');
    const folder = await aFolder({ ...HUGO, 'site/content/posts/one.md': undated });
    await expect(initIn(folder)).rejects.toThrow(/no published post at .*Without a date, so no post: .*one\.md/);
  });

  it('names what cannot be read, and why', async () => {
    const folder = await aFolder({ ...HUGO, 'site/content/posts/two.md': '---\ntitle: [\n---\n' });
    const { found } = await initIn(folder);
    expect(found.notes.join()).toMatch(/Not read: .*two\.md/);
  });

  it.each([
    ['ftp://blog.example.org', 'not an http or https address'],
    ['http://', 'not an http or https address'],
    ['https://me:secret@blog.example.org/feed', 'contains a user or password'],
    ['nowhere', 'does not exist'],
  ])('refuses %s as a place', async (from, words) => {
    const folder = await aFolder({});
    const failure = await initIn(folder, { from }).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ message: expect.stringContaining(words) });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('asks nobody for settings that it will not write', async () => {
    const folder = await aFolder({ ...HUGO, 'digest/content/sources.yaml': 'mine: { kind: feed }\n' });
    const ask = () => Promise.reject(new Error('somebody was asked'));
    await expect(initIn(folder, { ask })).resolves.toMatchObject({ found: { title: 'Notes' } });
    await expect(initIn(await aFolder(HUGO), { ask })).rejects.toThrow('somebody was asked');
  });

  it('takes an export in the current folder, though its name could be that of a host', async () => {
    const item =
      '<item><title>One</title><link>https://blog.example.org/one/</link><wp:post_id>1</wp:post_id><wp:post_date_gmt>2026-06-01 08:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_name>one</wp:post_name></item>';
    const folder = await aFolder({
      'blog.xml': `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Notes</title><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://blog.example.org</wp:base_blog_url>${item}</channel></rss>`,
    });
    const { found } = await initIn(folder, { from: 'blog.xml' });
    expect(found).toMatchObject({ what: 'an export of WordPress, blog.xml', posts: 1, title: 'Notes' });
    expect((await readWorkspace(files, join(folder, 'digest'))).sources.get('blog')).toMatchObject({
      ...{ kind: 'wxr', file: '../../blog.xml' },
    });
  });
});
