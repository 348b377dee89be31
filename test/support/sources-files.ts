/** A folder of posts that lives in memory, and a Markdown source over it. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import type { Html, HtmlElement, HtmlNode } from '../../src/domain/html.js';
import type { CollectRequest, Source } from '../../src/domain/ports/content.js';
import type { Files } from '../../src/domain/ports/host.js';
import type { BrokenPost, Post } from '../../src/domain/post.js';
import { emptySite, type SiteFacts } from '../../src/sources/dialects/dialect.js';
import { parseHere, type SourceTools } from '../../src/sources/index.js';
import { markdownSource } from '../../src/sources/markdown.js';
import type { MarkdownOptions } from '../../src/sources/markdown-options.js';
import { readBody } from '../../src/sources/read-body.js';
import { readPost } from '../../src/sources/read-post.js';
import { type SourceFacts, sourceFactsFrom } from '../../src/sources/source-facts.js';

export type Folder = { readonly [path: string]: string | Uint8Array };

const encoder = new TextEncoder();

/** Files below `/content`, by paths relative to it. */
export function filesOf(folder: Folder): Files {
  const bytes = new Map(
    Object.entries(folder).map(([path, content]) => [
      posix.join('/content', path),
      typeof content === 'string' ? encoder.encode(content) : content,
    ]),
  );
  const list = async (root: string) => {
    const listed = [...bytes.keys()].filter((path) => path.startsWith(`${root}/`)).sort();
    return listed.length === 0 ? undefined : listed;
  };
  const versionOf = (path: string) =>
    createHash('sha256')
      .update(bytes.get(path) ?? '')
      .digest('hex');
  return {
    read: async (path) => bytes.get(path),
    readBelow: async (root, path, maxBytes) => {
      const found = bytes.get(posix.join(root, path));
      return posix.join(root, path).startsWith(`${root}/`) && found && found.length <= maxBytes ? found : undefined;
    },
    list,
    versions: async (root) => {
      const listed = await list(root);
      return listed && new Map(listed.map((path) => [path, { version: versionOf(path), changedAt: 0 }]));
    },
    write: async () => {},
    writePrivate: async () => {},
    stream: (path) => {
      const content = bytes.get(path);
      if (content === undefined) throw Object.assign(new Error('There is no such file.'), { code: 'ENOENT' });
      // In small pieces, as a large file comes.
      const pieces = Array.from({ length: Math.ceil(content.length / 1000) }, (_, at) =>
        content.slice(at * 1000, (at + 1) * 1000),
      );
      return Readable.from(pieces);
    },
    claimPrivate: async () => {},
    remove: async () => {},
  };
}

export function aSource(folder: Folder = {}, with_: Partial<MarkdownOptions> = {}): Source {
  return markdownSource('blog', optionsOf(with_), toolsOf({ files: filesOf(folder) }));
}

/** What a source is handed: no file, no network and no credentials unless a test gives some. */
export function toolsOf(given: Partial<SourceTools> = {}): SourceTools {
  return {
    files: filesOf({}),
    contentDir: '/content',
    fetchWeb: async ({ url }) => ({ kind: 'failed', isUnknownHost: true, text: 'there is no such host', url }),
    credentialsOf: () => undefined,
    runParse: parseHere,
    ...given,
  };
}

/** A first collection, now. */
export function asked(given: Partial<CollectRequest> = {}): CollectRequest {
  return { now: new Date('2026-06-15T07:00:00Z'), keep: () => {}, ...given };
}

export function optionsOf(with_: Partial<MarkdownOptions> = {}): MarkdownOptions {
  return {
    kind: 'markdown',
    dir: 'posts',
    site: 'https://blog.example.org',
    timezone: 'Europe/London',
    optOutKey: 'newsletter',
    ...with_,
  };
}

/** What reading needs to know of a source, on a site that says nothing but which generator it is made with. */
export function factsOf(with_: Partial<MarkdownOptions> = {}, site: Partial<SiteFacts> = {}): SourceFacts {
  const facts = emptySite(with_.dialect ?? 'plain', site);
  return sourceFactsFrom('blog', optionsOf(with_), { facts, root: '/content', below: '' });
}

export const PATH = '2026-06-09-a-post.md';

/** One file as read: its post, or why there is none. */
export function read(text: string | Uint8Array, path = PATH, with_: Partial<MarkdownOptions> = {}) {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  return readPost(path, bytes, factsOf(with_));
}

/** The post of a file with its body; fails the test when one of them cannot be read. */
export function postOf(
  text: string | Uint8Array,
  path = PATH,
  with_: Partial<MarkdownOptions> = {},
): Post & { readonly body: Html } {
  const result = readWhole(text, path, with_);
  if (result.kind !== 'post') throw new Error(`not a post: ${JSON.stringify(result)}`);
  return result.post;
}

/** The same from a file that may be unreadable: what is wrong with its body is told as of its head. */
export function readWhole(text: string | Uint8Array, path = PATH, with_: Partial<MarkdownOptions> = {}) {
  const result = read(text, path, with_);
  if (result.kind !== 'post') return result;
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const body = readBody(path, bytes, factsOf(with_), result.post);
  if (body.kind === 'body') return { kind: 'post' as const, post: { ...result.post, body: body.body } };
  const { where, message } = body;
  return { kind: 'broken' as const, broken: { source: 'blog', keys: result.post.keys, where, message } };
}

/** What is wrong with a file; fails the test when nothing is. */
export function brokenOf(text: string | Uint8Array, path = PATH, with_: Partial<MarkdownOptions> = {}): BrokenPost {
  const result = readWhole(text, path, with_);
  if (result.kind !== 'broken') throw new Error(`not broken: ${JSON.stringify(result).slice(0, 500)}`);
  return result.broken;
}

/** A post with these lines of front matter. */
export function withKeys(...lines: readonly string[]): string {
  return `---\n${lines.join('\n')}\n---\n\nThe body.\n`;
}

/** Markup short enough to compare by eye; a more mark is `<!--more-->`. */
export function markupOf(html: readonly HtmlNode[]): string {
  return html
    .map((node) => {
      if (node.type === 'text') return node.value;
      if (node.type === 'comment') return '<!--more-->';
      const attributes = Object.entries(node.properties).map(([name, value]) => ` ${name}="${value}"`);
      return `<${node.tagName}${attributes.join('')}>${markupOf(node.children)}</${node.tagName}>`;
    })
    .join('');
}

/** The body of a post with this Markdown. */
export function bodyOf(markdown: string, path = PATH): string {
  return markupOf(postOf(`---\n---\n${markdown}`, path).body);
}

/** Every element of a tree, outermost first. */
export function elementsOf(html: readonly HtmlNode[]): readonly HtmlElement[] {
  return html.flatMap((node) => (node.type === 'element' ? [node, ...elementsOf(node.children)] : []));
}
