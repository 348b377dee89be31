/** Addresses where a source is one folder of a site, as `gazette init --from` makes it. */
import { describe, expect, it } from 'vitest';
import { aSource, asked, type Folder } from '../support/sources-files.js';

const post = (title: string, text = 'Words.') => `---\ntitle: ${title}\ndate: 2026-06-01\n---\n${text}\n`;

async function bodyOf(folder: Folder, dir: string, title: string): Promise<string> {
  const source = aSource(folder, { dir });
  const { posts } = await source.collect(asked());
  return JSON.stringify(await source.bodies?.(posts.filter((each) => each.title === title)));
}

describe('a link from the folder of all content to a post of a source that is one folder in it', () => {
  it.each([
    ['Zola', { 'site/config.toml': "base_url = 'https://blog.example.org'\n" }, '[b](@/posts/b.md)'],
    ['Hugo', { 'site/hugo.toml': "baseURL = 'https://blog.example.org/'\n" }, '[b]({{< ref "/posts/b.md" >}})'],
    ['Hugo', { 'site/hugo.toml': "baseURL = 'https://blog.example.org/'\n" }, '[b]({{< relref "posts/b" >}})'],
  ])('is the address of the post: %s, %s%s', async (_, config, link) => {
    const folder = { ...config, 'site/content/posts/a.md': post('A', link), 'site/content/posts/b.md': post('B') };
    expect(await bodyOf(folder as Folder, 'site/content/posts', 'A')).toContain('"https://blog.example.org/posts/b/"');
  });
});

describe('a post of Eleventy that is named like its folder', () => {
  it.each([
    ['fourth/fourth.md', '/blog/fourth/'],
    ['fourth/index.md', '/blog/fourth/'],
    ['fourth/fourth/index.md', '/blog/fourth/fourth/'],
    ['fourth/other.md', '/blog/fourth/other/'],
  ])('is the page of the folder: %s', async (path, address) => {
    const folder = { 'site/eleventy.config.js': '', [`site/blog/${path}`]: post('A') };
    const { posts } = await aSource(folder, { dir: 'site/blog' }).collect(asked());
    expect(posts.map(({ url }) => url)).toEqual([`https://blog.example.org${address}`]);
  });
});
