import { describe, expect, it } from 'vitest';
import { findBlog } from '../../src/sources/find/find-blog.js';
import { markdownSource } from '../../src/sources/markdown.js';
import { asked, type Folder, filesOf, optionsOf, toolsOf } from '../support/sources-files.js';

const POST = '---\ntitle: A post\ndate: 2026-06-01\n---\nWords.\n';
const SITE: Folder = {
  'site/eleventy.config.js': 'export default (config) => { config.setInputDirectory("src"); };',
  'site/src/_data/metadata.json': '{"url":"https://blog.example.org/"}',
  ...Object.fromEntries(
    ['one', 'drafts/two', 'old/three', 'old/kept'].map((name) => [`site/src/posts/${name}.md`, POST]),
  ),
};
const pathsIn = async (folder: Folder, dir = 'site/src/posts') => {
  const source = markdownSource('blog', optionsOf({ dir }), toolsOf({ files: filesOf(folder) }));
  const { posts } = await source.collect(asked());
  return posts.map(({ keys }) => keys.path);
};

describe('files that Eleventy ignores', () => {
  it('are no posts: by its own file at the root and in its input folder', async () => {
    const ignored = {
      'site/.eleventyignore': 'src/posts/drafts\n',
      'site/src/.eleventyignore': '# Old\nposts/old/*\n!posts/old/kept.md\n',
    };
    expect(await pathsIn(SITE)).toHaveLength(4);
    expect(await pathsIn({ ...SITE, ...ignored })).toEqual(['old/kept.md', 'one.md']);
  });

  it('are also those that Git ignores, unless the configuration says otherwise', async () => {
    const git = { ...SITE, 'site/.gitignore': 'drafts/\n' };
    expect(await pathsIn(git)).not.toContain('drafts/two.md');
    const config = { 'site/eleventy.config.js': 'config.setInputDirectory("src"); config.setUseGitIgnore(false);' };
    expect(await pathsIn({ ...git, ...config })).toContain('drafts/two.md');
  });

  it('do not count when the folder of its posts is looked for', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`site/src/blog/${at}.md`, POST]));
    const folder = { ...SITE, ...many, 'site/.eleventyignore': 'src/blog/\n' };
    const { options } = await findBlog('/content/site', 'blog', toolsOf({ files: filesOf(folder) }));
    expect(options.dir).toBe('/content/site/src/posts');
  });

  it('are none when a file is looked at by itself', async () => {
    const folder = { ...SITE, 'site/.eleventyignore': 'src/posts/drafts\n' };
    const source = markdownSource('blog', optionsOf({ dir: 'site/src/posts' }), toolsOf({ files: filesOf(folder) }));
    expect(await source.reread?.('/content/site/src/posts/drafts/two.md')).toBeUndefined();
    expect((await source.reread?.('/content/site/src/posts/one.md'))?.posts).toHaveLength(1);
  });
});
