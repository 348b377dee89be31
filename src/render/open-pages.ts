/** The pages before they are asked for: what prints them is loaded with the first one. */
import type { Pages } from '../domain/ports/content.js';
import type { RunJob } from '../domain/ports/host.js';
import type { TemplateFiles } from './template-files.js';

/** Opens the pages over these templates. Loads and reads nothing until asked. @param runMjml prints the MJML of mails; absent: in this thread */
export function openPages(templates: TemplateFiles, runMjml?: RunJob): Pages {
  let opened: Promise<Pages> | undefined;
  const pages = () => {
    opened ??= import('./pages.js').then(({ pagesFrom }) => pagesFrom(templates, runMjml));
    return opened;
  };
  return {
    page: async (request) => (await pages()).page(request),
    style: async (theme) => (await pages()).style(theme),
    version: async () => (await pages()).version(),
    feed: async (request) => (await pages()).feed(request),
    noticeMail: async (request) => (await pages()).noticeMail(request),
  };
}
