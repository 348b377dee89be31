/** The pages before they are asked for: what prints them is loaded with the first one. */
import type { Pages } from '../domain/ports/content.js';
import type { PagesOptions } from './pages.js';

/** Opens the pages over these template folders. Loads and reads nothing until asked. */
export function openPages(options: PagesOptions): Pages {
  let opened: Promise<Pages> | undefined;
  const pages = () => {
    opened ??= import('./pages.js').then(({ pagesFrom }) => pagesFrom(options));
    return opened;
  };
  return {
    page: async (request) => (await pages()).page(request),
    style: async (theme) => (await pages()).style(theme),
    feed: async (request) => (await pages()).feed(request),
    noticeMail: async (request) => (await pages()).noticeMail(request),
  };
}
