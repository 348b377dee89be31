/** A Ghost blog, or one tag or author of it, as a source of posts. */
import type { Source } from '../../domain/ports/content.js';
import type { SourceTools } from '../source-tools.js';
import { failed } from '../web/api-request.js';
import { apiSource } from '../web/api-source.js';
import { ghostApi, WHERE_THE_KEY_IS } from './ghost-api.js';
import type { GhostOptions } from './ghost-options.js';
import { siteFrom } from './ghost-site.js';

/** Opens a blog; nothing is asked before `collect`. */
export function ghostSource(
  name: string,
  options: GhostOptions,
  { fetchWeb, runParse, credentialsOf }: SourceTools,
): Source {
  const facts = { name, language: options.language };
  return apiSource(name, options, async () => {
    const key = credentialsOf(name)?.trim();
    if (key === undefined || !/^[0-9a-f]+$/i.test(key)) {
      const wrong =
        key === undefined
          ? 'no key of the Content API is set.'
          : 'what is set as its key is not a key of the Content API.';
      throw failed(name, wrong, WHERE_THE_KEY_IS);
    }
    return ghostApi({ facts, options, site: siteFrom(options.url), key, fetchWeb, runParse });
  });
}
