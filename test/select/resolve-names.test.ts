import { expect, it } from 'vitest';
import { NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import type { KnownKey } from '../../src/domain/ports/posts.js';
import { resolveNames } from '../../src/select/resolve-names.js';
import { aKnownPost } from '../support/builders.js';

const of = (id: string, path: string, more = {}) => aKnownPost({ uid: id, keys: { id, path }, ...more });
const had = (uid: string, path: string): KnownKey => ({ source: 'blog', kind: 'path', value: path, uid });

it('A name in an arrangement means the post that has it now, or else the one that had it', () => {
  const posts = [of('old', 'zebra.md'), of('new', 'new.md')];
  const keys = [had('old', 'new.md'), had('old', 'first.md'), had('old', 'zebra.md'), had('new', 'new.md')];
  const arrangement = { ...NO_ARRANGEMENT, pinned: ['new.md', 'first.md', 'nowhere.md'] };
  const resolved = resolveNames(arrangement, posts, keys);
  expect(resolved.arrangement.pinned).toEqual(['new', 'old', 'nowhere.md']);
  expect(resolved.unknown).toEqual(['nowhere.md']);
});

it('A name that a withdrawn post has means the one that has it and is there', () => {
  const gone = { ...of('gone', 'new.md'), withdrawnAt: new Date(0) };
  const keys = [had('gone', 'new.md'), had('new', 'new.md')];
  const arrangement = { ...NO_ARRANGEMENT, excluded: ['new.md'] };
  expect(resolveNames(arrangement, [gone, of('new', 'new.md')], keys).arrangement.excluded).toEqual(['new']);
});

it('A name that several posts had means none of them', () => {
  const posts = [of('one', 'a.md'), of('two', 'b.md')];
  const keys = [had('one', 'x.md'), had('two', 'x.md')];
  expect(resolveNames({ ...NO_ARRANGEMENT, order: ['x.md'] }, posts, keys).unknown).toEqual(['x.md']);
});
