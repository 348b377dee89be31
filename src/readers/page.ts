/** Pages as data, before they are printed. */
import type { Newsletter } from '../domain/newsletter.js';
import type { NoticeName, PageRequest } from '../domain/page.js';

/** A page to print, without the links around it. */
export type Page = Omit<PageRequest, 'links'>;

/** A page with one message and no form. */
export function noticePage(
  newsletter: Newsletter,
  notice: NoticeName,
  language = newsletter.language,
  preferencesUrl: string | null = null,
): Page {
  return { newsletter, language, view: { kind: 'notice', notice, preferencesUrl } };
}
