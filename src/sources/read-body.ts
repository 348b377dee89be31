/** The body of one file. It is parsed only when an issue may carry the post: parsing takes far longer than reading the head. */
import type { Html } from '../domain/html.js';
import type { BodyReading } from '../domain/post.js';
import { dialectNamed, smartPunctuationOf } from './dialects/index.js';
import type { FrontMatter } from './front-matter.js';
import { htmlFromMarkdown } from './markdown-to-html.js';
import { bodyHashOf, isMdxPath, markdownOf, type Unreadable, unreadable, withParts } from './post-parts.js';
import { brokenPost, type SourceFacts, TOO_DEEP } from './post-reading.js';

/** What was listed of the post. */
export interface ListedBody {
  readonly bodyHash: string;
  readonly url?: string;
  /** Addresses of other posts, by the references that mean them. */
  readonly links?: { readonly [reference: string]: string };
}

/** A body, and the references in it whose addresses were not given. */
export type ReadBody = BodyReading & { readonly references?: readonly string[] };

/** @param path within the source, with `/` */
export function readBody(path: string, bytes: Uint8Array, source: SourceFacts, listed: ListedBody): ReadBody {
  const result = withParts(bytes, (frontMatter): ReadBody | Unreadable => {
    if (bodyHashOf(markdownOf(frontMatter, source), isMdxPath(path)) !== listed.bodyHash)
      return changedBody(path, source);
    return bodyFrom(path, frontMatter, listed.url ?? source.site, source, listed.links);
  });
  if (result.kind !== 'unreadable') return result;
  const { where, message } = brokenPost(path, source, result.troubles);
  return { kind: 'broken', where, message };
}

/** The answer where a file is not the one that was listed. */
export function changedBody(path: string, source: SourceFacts): BodyReading {
  const message = 'The file was changed after it was listed. It is read again at the next collection.';
  const { where } = brokenPost(path, source, []);
  return { kind: 'unread', where, message };
}

/** @param base what relative links and images are relative to */
export function bodyFrom(
  path: string,
  frontMatter: FrontMatter,
  base: string,
  source: SourceFacts,
  links: { readonly [reference: string]: string } = {},
): { readonly kind: 'body'; readonly body: Html; readonly references?: readonly string[] } | Unreadable {
  const { dialect, switches, values } = source.generator;
  const result = htmlFromMarkdown(markdownOf(frontMatter, source), {
    ...{ base, links, values, site: source.site, mdx: isMdxPath(path) },
    hasEmojiCodes: dialectNamed(dialect).hasEmojiCodes || switches.emoji === true,
    smartPunctuation: smartPunctuationOf(source.generator),
  });
  if (result.kind === 'html') {
    const { html, references } = result;
    return { kind: 'body', body: html, ...(references && { references }) };
  }
  const line = frontMatter.bodyLine + result.line - 1;
  return unreadable({ line, column: 1, message: TOO_DEEP });
}
