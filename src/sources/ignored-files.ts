/** Which files a site's generator ignores: `.eleventyignore` and `.gitignore`, whose patterns are those of Git. */
import ignore from 'ignore';
import type { SiteFacts } from './dialects/index.js';

/** @param below the folder of the source below that of its site, with `/` at its end @returns whether a path within the source is ignored */
export function openIgnored({ ignored = [] }: SiteFacts, below: string): (path: string) => boolean {
  const files = ignored.map(({ under, patterns }) => ({ under, matches: ignore().add(patterns) }));
  return (path) =>
    files.some(({ under, matches }) => {
      const inSite = below + path;
      return inSite.startsWith(under) && matches.ignores(inSite.slice(under.length));
    });
}
