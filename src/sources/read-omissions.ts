/** What a mail cannot show of the post in one file, and keys of its front matter that count for nothing. */
import type { Omission } from '../domain/post.js';
import { omissionsIn } from './omissions.js';
import { markdownOf, withParts } from './post-parts.js';
import { brokenPost } from './post-reading.js';
import type { ListedBody } from './read-body.js';
import type { SourceFacts } from './source-facts.js';
import type { TemplateContext } from './template-values.js';

export interface ReadOmissions {
  readonly kind: 'omissions';
  readonly omissions: readonly Omission[];
  readonly references: readonly string[];
}

/** @param path within the source, with `/` */
export function readOmissions(
  path: string,
  bytes: Uint8Array,
  source: SourceFacts,
  { url, links = {} }: Pick<ListedBody, 'url' | 'links'>,
): ReadOmissions {
  const context: TemplateContext = {
    ...{ site: source.site, base: url ?? source.site, values: source.generator.values, links, wanted: new Set() },
  };
  const result = withParts(bytes, (frontMatter): ReadOmissions => {
    const whereOf = (line: number, column = 1) => brokenPost(path, source, [{ line, column, message: '' }]).where;
    const keys = frontMatter.notes.map(
      ({ line, column, message }): Omission => ({ kind: 'key', where: whereOf(line, column), text: message }),
    );
    const parts = omissionsIn(markdownOf(frontMatter, source), context).map(
      ({ kind, text, line }): Omission => ({ kind, text, where: whereOf(frontMatter.bodyLine + line - 1) }),
    );
    return { kind: 'omissions', omissions: [...keys, ...parts], references: [...context.wanted] };
  });
  // What cannot be read at all is told as a broken post.
  return result.kind === 'omissions' ? result : { kind: 'omissions', omissions: [], references: [] };
}
