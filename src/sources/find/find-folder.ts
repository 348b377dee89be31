/** Recognises the site generator of a folder, and reads what its configuration says. */
import { join } from 'node:path';
import { GazetteError } from '../../domain/errors.js';
import type { FoundBlog } from '../../domain/found-blog.js';
import { dialectNamed, type SiteFacts, siteFactsFrom } from '../dialects/index.js';
import { markdownSource } from '../markdown.js';
import type { MarkdownOptions } from '../markdown-options.js';
import type { SourceTools } from '../source-tools.js';
import { lookInFolder } from './find-look.js';
import { known } from './page-look.js';
import { type PostFolder, postFolderOf } from './post-folder.js';

export async function findFolder(folder: string, tools: SourceTools, signal?: AbortSignal): Promise<FoundBlog> {
  const listed = await tools.files.list(folder);
  if (listed === undefined) {
    throw new GazetteError('source.failed', `The folder ${folder} does not exist.`, {
      hint: 'Give the folder of a blog’s files, or the address of the blog.',
    });
  }
  const { facts, root } = await siteFactsFrom(folder, tools.files);
  const { dialect, config, siteUrl, title, languages, timezone } = facts;
  const { dir, others } = root === folder ? await postsIn(folder, facts, tools, signal) : { dir: folder, others: [] };
  const { extensions } = dialectNamed(dialect);
  const isThere = listed.some(
    (path) => path.startsWith(dir) && extensions.some((ending) => path.toLowerCase().endsWith(`.${ending}`)),
  );
  if (!isThere) {
    throw new GazetteError('source.failed', `The folder ${dir} has no files that could be posts.`, {
      hint: `Gazette reads files with the endings ${extensions.join(', ')}. Give the folder of a blog’s files, or the address of the blog.`,
    });
  }
  const look = await lookInFolder(root, facts, tools);
  return {
    options: { kind: 'markdown', dir, ...(siteUrl !== undefined && { site: siteUrl }) },
    what:
      config === undefined ? 'a folder of Markdown' : `a site made with ${GENERATORS[dialect] ?? dialect} (${config})`,
    notes: [
      ...(siteUrl === undefined
        ? ['The address of the site is not known: correct `site` in content/sources.yaml, or give it with --site.']
        : []),
      ...(others.length === 0 ? [] : [othersNote(others)]),
    ],
    ...(look && { look }),
    ...known({ title, language: languages[0], timezone, site: siteUrl }),
  };
}

/** Reads the heads of everything the site has, and tells which folder is that of its posts. */
async function postsIn(
  folder: string,
  facts: SiteFacts,
  tools: SourceTools,
  signal?: AbortSignal,
): Promise<PostFolder> {
  const options: MarkdownOptions = { kind: 'markdown', dir: folder, site: 'https://blog.example.org', optOutKey: '' };
  const { posts } = await markdownSource('blog', options, tools).collect({
    now: new Date(0),
    keep: () => undefined,
    ...(signal && { signal }),
  });
  const paths = posts.flatMap(({ draft, keys: { path } }) => (draft || path === undefined ? [] : path));
  const { contentDirs } = facts;
  const isContent = (path: string) => contentDirs.length === 0 || contentDirs.some((dir) => path.startsWith(`${dir}/`));
  // A theme may come with posts of its own, beside those of the site.
  const own = paths.filter(isContent);
  if (own.length === 0) return { dir: await firstOf(folder, facts, tools), others: [] };
  const { dir, others } = postFolderOf(own, facts);
  return { dir: join(folder, dir), others };
}

/** A site without posts: where they would be. */
async function firstOf(folder: string, { postDirs }: SiteFacts, { files }: SourceTools): Promise<string> {
  for (const dir of postDirs) if ((await files.list(join(folder, dir))) !== undefined) return join(folder, dir);
  return folder;
}

function othersNote(others: PostFolder['others']): string {
  const named = others.map(({ dir, posts }) => `${dir} (${posts})`).join(', ');
  return `Pages with a date in other folders are not read: ${named}. To read a folder too, add a source with it to content/sources.yaml, and name the source in the newsletter.`;
}

const GENERATORS: { readonly [dialect: string]: string } = {
  ...{ hugo: 'Hugo', jekyll: 'Jekyll', eleventy: 'Eleventy', astro: 'Astro', zola: 'Zola', hexo: 'Hexo' },
  ...{ docusaurus: 'Docusaurus', vitepress: 'VitePress' },
};
