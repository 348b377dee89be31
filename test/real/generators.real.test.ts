/** Reads sites as their own generators do: addresses, titles, dates and categories are those of the generator's build. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { localFiles } from '../../src/platform/files.js';
import { siteFactsFrom } from '../../src/sources/dialects/index.js';
import { markdownSource } from '../../src/sources/markdown.js';
import { asked, optionsOf, toolsOf } from '../support/sources-files.js';
import { GENERATOR_SITES, type GeneratorSite, type ListedPost } from './generator-sites.js';

const run = promisify(execFile);
const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function siteIn(site: GeneratorSite): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `gazette-${site.name}-`));
  folders.push(folder);
  const packages = site.packages.map((each) => [
    each.slice(0, each.lastIndexOf('@')),
    each.slice(each.lastIndexOf('@') + 1),
  ]);
  const type = site.isModule ? { type: 'module' } : {};
  const manifest = { name: 'site', private: true, ...type, hexo: {}, dependencies: Object.fromEntries(packages) };
  const files = { 'package.json': JSON.stringify(manifest), ...site.files };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  // An installation made before serves as well: GENERATORS is a folder with one folder for each generator.
  const made = process.env.GENERATORS;
  if (made) await cp(join(made, site.name, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  else await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  return folder;
}

const sorted = (posts: readonly ListedPost[]) =>
  posts
    .map(({ url, title, at, categories }) => ({
      url,
      title,
      at: new Date(at).toISOString(),
      categories: [...categories].sort(),
    }))
    .sort((one, other) => (one.url < other.url ? -1 : 1));

describe('a site', () => {
  it.each(GENERATOR_SITES)('of $name is read as its generator builds it', async (site) => {
    const folder = await siteIn(site);
    await run('sh', ['-c', site.build], { cwd: folder, maxBuffer: 50_000_000 });
    const dir = join(folder, site.dir);
    const files = localFiles();
    const { facts } = await siteFactsFrom(dir, files);
    const address = facts.siteUrl ?? (site.name === 'vitepress' ? 'https://blog.example.org/group' : '');
    const source = markdownSource('blog', optionsOf({ dir, site: address, timezone: undefined }), toolsOf({ files }));
    const { posts, broken } = await source.collect(asked());
    expect(facts.dialect).toBe(site.name);
    expect(broken).toEqual([]);
    const ours = posts.filter(({ draft }) => !draft);
    expect(
      sorted(
        ours.map(({ url = '', title, publishedAt, categories }) => ({
          url,
          title,
          at: publishedAt.toISOString(),
          categories,
        })),
      ),
    ).toEqual(sorted(site.posts(folder)));
  });
});
