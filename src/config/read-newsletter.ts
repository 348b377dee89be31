/** One file of content/newsletters, checked by itself and against the names of the sources. */
import type { Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import { checkSettings, pathText } from '../written/check-settings.js';
import { isGroup, readYaml } from '../written/read-yaml.js';
import { contradictionsIn, type NewsletterContext, newsletterFromSettings } from './newsletter-from-settings.js';
import { type CheckSchedule, newsletterSettings } from './newsletter-settings.js';

export interface ReadNewsletter {
  readonly newsletter?: Newsletter;
  /** file:line:column of a key, or of the file where the key is not written. */
  readonly whereOf?: (key: string) => string;
  /** The id as written, with its place, also when something else in the file is wrong. */
  readonly id?: { readonly value: string; readonly where: string };
  readonly problems: readonly Problem[];
}

/** Reads one file. @param file as people should see it */
export function readNewsletter(
  bytes: Uint8Array,
  file: string,
  checkSchedule: CheckSchedule,
  context: NewsletterContext,
): ReadNewsletter {
  const text = readYaml(bytes, file);
  if (text.problems.length > 0) return { problems: text.problems };
  const written = isGroup(text.value) ? text.value.id : undefined;
  const id = typeof written === 'string' ? { value: written, where: text.whereOf(['id']) } : undefined;
  const checked = checkSettings(newsletterSettings(checkSchedule), text, text.value ?? {});
  if (checked.kind === 'wrong') return { ...(id && { id }), problems: checked.problems };
  const problems = contradictionsIn(checked.settings, context).map(({ path, message }) => ({
    where: text.whereOf(path),
    message: `${pathText(path)}: ${message}`,
  }));
  if (problems.length > 0) return { ...(id && { id }), problems };
  const whereOf = (key: string) => text.whereOfKey([key]);
  return { ...(id && { id }), newsletter: newsletterFromSettings(checked.settings, context), whereOf, problems };
}
