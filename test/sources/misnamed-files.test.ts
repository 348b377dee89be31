/** Names that are not UTF-8, as a file system without rules for names keeps them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localFiles } from '../../src/platform/files.js';
import { openSource, parseHere } from '../../src/sources/index.js';
import { markdownOptions } from '../../src/sources/markdown-options.js';
import { asked } from '../support/sources-files.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gazette-names-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A path below the root whose é is one byte of Latin-1. */
const latin1 = (name: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);

it.skipIf(process.platform !== 'linux')(
  'A file or folder whose name is not UTF-8 is said to be broken, and the others are read',
  async () => {
    writeFileSync(join(root, 'one.md'), '---\ntitle: One\ndate: 2026-06-01\n---\nText.\n');
    writeFileSync(latin1('caf\xe9.md'), '---\ntitle: Caf\xe9\ndate: 2026-06-01\n---\nText.\n');
    mkdirSync(latin1('ann\xe9e'));
    writeFileSync(latin1('ann\xe9e/two.md'), '---\ntitle: Two\ndate: 2026-06-01\n---\nText.\n');
    const options = markdownOptions.parse({
      kind: 'markdown',
      dir: '.',
      site: 'https://blog.example.org',
      url: '/:slug',
    });
    const tools = { files: localFiles(), contentDir: root, runParse: parseHere } as unknown as Parameters<
      typeof openSource
    >[2];
    const { posts, broken, complete } = await openSource('blog', options, tools).collect(asked());
    expect(posts.map(({ title }) => title)).toEqual(['One']);
    expect(complete).toBe(true);
    expect(broken.map(({ message }) => message)).toEqual([
      expect.stringContaining('not UTF-8'),
      expect.stringContaining('not UTF-8'),
    ]);
  },
);
