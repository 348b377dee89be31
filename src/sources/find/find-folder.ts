/** Recognises the site generator of a folder, and reads what its configuration says. */
import { join } from 'node:path';
import { GazetteError } from '../../domain/errors.js';
import { dialectNamed, siteFactsFrom } from '../dialects/index.js';
import type { SourceTools } from '../source-tools.js';
import { type FoundBlog, known } from './found-blog.js';

export async function findFolder(folder: string, { files }: Pick<SourceTools, 'files'>): Promise<FoundBlog> {
  const listed = await files.list(folder);
  if (listed === undefined) {
    throw new GazetteError('source.failed', `The folder ${folder} does not exist.`, {
      hint: 'Give the folder of a blog’s files, or the address of the blog.',
    });
  }
  const { facts, root } = await siteFactsFrom(folder, files);
  const { dialect, config, siteUrl, title, languages, timezone, postDirs } = facts;
  const inFolder = (dir: string) => listed.some((path) => path.startsWith(`${dir}/`));
  const dir = root === folder ? (postDirs.map((name) => join(root, name)).find(inFolder) ?? folder) : folder;
  const { extensions } = dialectNamed(dialect);
  const posts = listed.filter(
    (path) => path.startsWith(dir) && extensions.some((ending) => path.toLowerCase().endsWith(ending)),
  );
  if (posts.length === 0) {
    throw new GazetteError('source.failed', `The folder ${dir} has no files that could be posts.`, {
      hint: `Gazette reads ${extensions.join(', ')}. Give the folder of a blog’s files, or the address of the blog.`,
    });
  }
  return {
    options: { kind: 'markdown', dir, ...(siteUrl !== undefined && { site: siteUrl }) },
    what:
      config === undefined ? 'a folder of Markdown' : `a site made with ${GENERATORS[dialect] ?? dialect} (${config})`,
    notes:
      siteUrl === undefined
        ? ['The address of the site is not known: correct `site` in content/sources.yaml, or give it with --site.']
        : [],
    ...known({ title, language: languages[0], timezone, site: siteUrl }),
  };
}

const GENERATORS: { readonly [dialect: string]: string } = {
  ...{ hugo: 'Hugo', jekyll: 'Jekyll', eleventy: 'Eleventy', astro: 'Astro', zola: 'Zola', hexo: 'Hexo' },
  ...{ docusaurus: 'Docusaurus', vitepress: 'VitePress' },
};
