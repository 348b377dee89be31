/** The messages of mails and pages in a reader's language (rule: language). */
import { textFor } from './arrangement.js';
import { GazetteError } from './errors.js';
import type { Newsletter } from './newsletter.js';
import type { Messages, MessagesIn } from './ports/content.js';

/** The messages of a reader's language or its base language, else the newsletter's. Throws `theme.invalid` when there are neither. */
export async function messagesFor(
  messagesIn: MessagesIn,
  newsletter: Pick<Newsletter, 'language'>,
  language: string | undefined,
): Promise<Messages> {
  const own = language === undefined ? undefined : await messagesIn(language);
  const messages = own ?? (await messagesIn(newsletter.language));
  if (messages) return messages;
  throw new GazetteError('theme.invalid', `There is no message file for the language “${newsletter.language}”.`, {
    hint: `Write templates/messages/${newsletter.language}.yaml; use en.yaml as a model.`,
  });
}

/** The title of a section: its category's in the language of the messages, or the message for posts in no category. */
export function sectionTitle(
  key: string,
  { categories, language }: Pick<Newsletter, 'categories' | 'language'>,
  messages: Messages,
): string {
  const category = categories.find((each) => each.key === key);
  // Without categories nothing is other than something.
  if (!category) return messages.say(categories.length === 0 ? 'section.all' : 'section.other');
  return textFor(category.title, messages.language, language)?.text ?? key;
}
