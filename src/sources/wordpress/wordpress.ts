/** A WordPress blog, or one category, tag or author of it, as a source of posts. */
import type { Source } from '../../domain/ports/content.js';
import type { SourceTools } from '../source-tools.js';
import { failed } from '../web/api-request.js';
import { apiSource } from '../web/api-source.js';
import { textAt } from '../web/json.js';
import { wordPressApi } from './wordpress-api.js';
import type { WordPressOptions } from './wordpress-options.js';
import { findSite, openAsk, type WordPressSite } from './wordpress-site.js';

/** Opens a blog; nothing is asked before `collect`. */
export function wordPressSource(name: string, options: WordPressOptions, tools: SourceTools): Source {
  const { fetchWeb, runParse } = tools;
  const credentials = tools.credentialsOf(name);
  const facts = { name, taxonomies: options.categoriesFrom, language: options.language };
  return apiSource(name, async (memory, signal) => {
    const site = siteFrom(memory) ?? (await find(signal));
    return wordPressApi({
      facts,
      options,
      site,
      fetchWeb,
      runParse,
      ...(credentials !== undefined && { credentials }),
    });
  });

  async function find(signal?: AbortSignal): Promise<WordPressSite> {
    const allowPrivate = options.allowPrivate ? { allowPrivate: [new URL(options.url).hostname] } : {};
    const site = await findSite(openAsk({ source: name, fetchWeb }, allowPrivate, signal), options.url);
    if (site) return site;
    throw failed(
      name,
      `there is no REST API of WordPress at ${options.url}.`,
      'If it is switched off, read the blog’s feed instead: `kind: feed` with the address of the feed.',
    );
  }
}

function siteFrom(memory: unknown): WordPressSite | undefined {
  return textAt(memory, 'root') === undefined ? undefined : (memory as WordPressSite);
}
