import { describe, expect, it } from 'vitest';
import { postFolderOf } from '../../src/sources/find/post-folder.js';

const site = { dialect: 'plain', postDirs: [], contentDirs: [] } as const;
const folderOf = (...paths: readonly string[]) => postFolderOf(paths, site).dir;

describe('the folder of the posts of a blog', () => {
  it('is the one that all are in', () => {
    expect(folderOf('posts/one.md', 'posts/deep/two.md')).toBe('posts');
    expect(folderOf('one.md', 'posts/two.md')).toBe('');
  });

  it.each([
    ['posts/2026/one.md', 'posts/2026/two.md'],
    ['posts/2026/06/one.md'],
    ['posts/2026-06/one.md', 'posts/2026-06/two.md'],
    ['posts/2026-06-09-one/index.md'],
    ['posts/06/one.md'],
  ])('is not one of a year, a month or a day, beside which the next will be: %s', (...paths) => {
    expect(folderOf(...paths)).toBe('posts');
  });
});
