/** A folder full of posts made to hang whoever reads them: reading it ends, and every other post is there. */
import { expect, it } from 'vitest';
import { markdownSource } from '../../src/sources/markdown.js';
import { HOSTILE_BODIES } from '../support/hostile-bodies.js';
import { asked, type Folder, filesOf, optionsOf, toolsOf } from '../support/sources-files.js';
import { aPool, parserProgram } from '../support/worker-program.js';

const HEAD = '---\ntitle: x\ndate: 2026-06-09\n---\n';
const LIMIT_MS = 700;
const BODIES = HOSTILE_BODIES.filter((_, nth) => nth % 2 === 0 || nth >= HOSTILE_BODIES.length - 4);

it(`${BODIES.length} hostile posts are read or told as broken, and keep no other post back`, {
  timeout: 900_000,
}, async () => {
  expect(BODIES.length).toBeGreaterThanOrEqual(97);
  const hostile = BODIES.map(({ make }, nth): [string, string] => [
    `posts/hostile-${nth}.${nth % 2 === 0 ? 'md' : 'mdx'}`,
    HEAD + make(20_000),
  ]);
  const plain = Array.from({ length: 20 }, (_, nth): [string, string] => [`posts/plain-${nth}.md`, `${HEAD}Words.`]);
  const folder: Folder = Object.fromEntries([...hostile, ...plain]);
  const pool = await aPool(parserProgram(), { limitMs: LIMIT_MS, memoryMb: 512 });
  const tools = toolsOf({ files: filesOf(folder), runParse: pool.run });
  const { posts, broken } = await markdownSource('blog', { ...optionsOf(), url: '/:slug/' }, tools).collect(asked());

  expect(posts.filter(({ place }) => place.startsWith('plain-'))).toHaveLength(plain.length);
  expect(posts.length + broken.length).toBe(hostile.length + plain.length);
  for (const { where, message } of broken) {
    expect(where).toMatch(/^posts\/hostile-\d+\.mdx?:\d+:\d+$/);
    expect(message).toMatch(/too deeply|took longer than|of memory|cannot be read/);
  }
});
