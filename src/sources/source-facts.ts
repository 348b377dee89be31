/** Puts together what reading a file needs to know: the settings of its source, and what its site says of itself. */

import type { Site } from './dialects/index.js';
import { dialectNamed } from './dialects/index.js';
import type { SitePlace } from './file-name.js';
import type { MarkdownOptions } from './markdown-options.js';

/** What reading needs to know of the source a file belongs to; plain data, so that a thread can be handed it. */
export interface SourceFacts extends SitePlace {
  readonly name: string;
  /** As written in the settings; it begins the place of what is broken. */
  readonly dir: string;
  readonly site: string;
  /** The pattern of addresses, where the settings name one. */
  readonly url?: string | undefined;
  readonly timezone: string;
  readonly language?: string | undefined;
  readonly categoriesFrom?: readonly string[] | undefined;
  /** The key of front matter with which a post stays out of newsletters. */
  readonly optOutKey: string;
}

/** The settings go before the site; but how dates without an offset are read is a matter of the site's generator. */
export function sourceFactsFrom(name: string, options: MarkdownOptions, { facts, below }: Site): SourceFacts {
  const { dir, site, url, timezone, language, categoriesFrom, optOutKey } = options;
  return {
    ...{ name, dir, site, url, language, categoriesFrom, optOutKey },
    timezone: dialectNamed(facts.dialect).zoneOf(facts) ?? timezone ?? 'UTC',
    generator: facts,
    below,
  };
}
