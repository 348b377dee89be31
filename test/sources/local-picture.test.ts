import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/sources/dialects/index.js';
import { openSource } from '../../src/sources/index.js';
import { asked, type Folder, filesOf, optionsOf, toolsOf, withKeys } from '../support/sources-files.js';

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
const SITE = 'https://blog.example.org';

/** The file found for an address, of a source that lists these files; `undefined` when there is none. */
async function fileOf(address: string, folder: Folder, dir = 'posts', dialect?: DialectName, site = SITE) {
  const options = optionsOf({ dir, site, ...(dialect && { dialect }) });
  const source = openSource('blog', options, toolsOf({ files: filesOf(folder) }));
  const { posts } = await source.collect(asked());
  return (await source.picture?.(address, posts))?.file;
}

const POST = withKeys('title: One');

describe('the file of a picture', () => {
  it('lies where the relative path in a post leads', async () => {
    const folder = { 'posts/2026-06-01-one.md': POST, 'posts/images/a b.png': PNG };
    expect(await fileOf(`${SITE}/2026/06/01/one/images/a%20b.png`, folder)).toBe('/content/posts/images/a b.png');
  });

  it('is that of the post which is nearest, where several could have it', async () => {
    const folder = {
      'posts/one/index.md': withKeys('title: One', 'date: 2026-06-01', 'permalink: /one/'),
      'posts/two/index.md': withKeys('title: Two', 'date: 2026-06-02', 'permalink: /two/'),
      'posts/one/a.png': PNG,
      'posts/two/a.png': PNG,
    };
    expect(await fileOf(`${SITE}/two/a.png`, folder)).toBe('/content/posts/two/a.png');
    expect(await fileOf(`${SITE}/one/a.png`, folder)).toBe('/content/posts/one/a.png');
  });

  it.each<[DialectName, string, Folder, string]>([
    ['hugo', 'hugo/content/posts', { 'hugo/hugo.toml': `baseURL = "${SITE}/"` }, 'hugo/static/i/a.png'],
    ['hugo', 'hugo/content/posts', { 'hugo/hugo.toml': `baseURL = "${SITE}/"` }, 'hugo/content/i/a.png'],
    ['jekyll', 'site/_posts', { 'site/_config.yml': `url: ${SITE}` }, 'site/i/a.png'],
    [
      'astro',
      'site/src/content/blog',
      { 'site/astro.config.mjs': `export default { site: '${SITE}' }` },
      'site/public/i/a.png',
    ],
    ['hexo', 'site/source/_posts', { 'site/_config.yml': `url: ${SITE}\nsource_dir: source` }, 'site/source/i/a.png'],
    ['zola', 'site/content', { 'site/config.toml': `base_url = "${SITE}"` }, 'site/static/i/a.png'],
    [
      'docusaurus',
      'site/blog',
      { 'site/docusaurus.config.js': `export default { url: '${SITE}' }` },
      'site/static/i/a.png',
    ],
    [
      'vitepress',
      'site/docs',
      { 'site/.vitepress/config.ts': "export default { srcDir: 'docs' }" },
      'site/docs/public/i/a.png',
    ],
    ['eleventy', 'site/posts', { 'site/eleventy.config.js': 'export default () => {}' }, 'site/public/i/a.png'],
  ])('is in the folder that %s publishes as it is', async (dialect, dir, config, picture) => {
    const folder = {
      ...config,
      [`${dir}/2026-06-01-one.md`]: withKeys('title: One', 'date: 2026-06-01'),
      [picture]: PNG,
    };
    expect(await fileOf(`${SITE}/i/a.png`, folder, dir, dialect)).toBe(`/content/${picture}`);
  });

  it('is found below the path of a site that has one', async () => {
    const folder = { 'site/_config.yml': '', 'site/_posts/2026-06-01-one.md': POST, 'site/i/a.png': PNG };
    const find = (address: string) => fileOf(address, folder, 'site/_posts', 'jekyll', `${SITE}/blog`);
    expect(await find(`${SITE}/blog/i/a.png`)).toBe('/content/site/i/a.png');
    expect(await find(`${SITE}/i/a.png`)).toBeUndefined();
  });

  it.each([
    ['image/jpeg', 'a.jpg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'a.gif', 'GIF89a'],
    ['image/webp', 'a.webp', 'RIFF\x01\x02\x03\x04WEBPVP8 '],
    ['image/avif', 'a.avif', '\0\0\0\x1cftypavif'],
    // Named by its bytes, not by its name.
    ['image/gif', 'a.png', 'GIF87a'],
  ])('has the type %s by its bytes', async (type, name, start) => {
    const folder = { 'posts/2026-06-01-one.md': POST, [`posts/${name}`]: Buffer.from(start, 'latin1') };
    const source = openSource('blog', optionsOf(), toolsOf({ files: filesOf(folder) }));
    const { posts } = await source.collect(asked());
    expect((await source.picture?.(`${SITE}/2026/06/01/one/${name}`, posts))?.type).toBe(type);
  });

  it.each([
    ['another site', 'https://other.example.org/2026/06/01/one/a.png'],
    ['a path out of the folder', `${SITE}/2026/06/secret.png`],
    ['an encoded path out of the folder', `${SITE}/2026/06/01/one/..%2f..%2fsecret.png`],
    ['an encoded backslash', `${SITE}/2026/06/01/one/..%5csecret.png`],
    ['an encoding that is none', `${SITE}/2026/06/01/one/%ff.png`],
    ['a file that is no picture', `${SITE}/2026/06/01/one/text.png`],
    ['a picture under another name', `${SITE}/2026/06/01/one/a.txt`],
    ['a picture that could act', `${SITE}/2026/06/01/one/a.svg`],
    ['a picture that is too large', `${SITE}/2026/06/01/one/large.png`],
    ['a file that is not there', `${SITE}/2026/06/01/one/b.png`],
  ])('is none for %s', async (_, address) => {
    const large = new Uint8Array(5_000_001);
    large.set(PNG);
    const folder = {
      'secret.png': PNG,
      'posts/2026-06-01-one.md': POST,
      ...{ 'posts/a.png': PNG, 'posts/text.png': 'SECRET=1', 'posts/a.txt': PNG, 'posts/large.png': large },
      'posts/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    };
    expect(await fileOf(`${SITE}/2026/06/01/one/a.png`, folder)).toBe('/content/posts/a.png');
    expect(await fileOf(address, folder)).toBeUndefined();
  });
});
