/** Asks a person for what a blog does not say of itself. Whatever is left empty stays a guess that can be corrected in the files. */
import { addressFrom } from '../domain/address.js';
import { isTimezone } from '../domain/zoned-time.js';
import type { FoundWorkspace, InitAnswers } from '../operate/init-from.js';
import type { Questions, TextQuestion } from './questions.js';

const SCHEDULES = [
  { value: '0 8 * * 1', label: 'every Monday at 8:00' },
  { value: '0 8 * * 5', label: 'every Friday at 8:00' },
  { value: '0 8 * * *', label: 'every day at 8:00' },
  { value: '0 8 1 * *', label: 'on the first of every month at 8:00' },
];

export async function initAnswers(found: FoundWorkspace, questions: Questions): Promise<InitAnswers> {
  const answers: { -readonly [Name in keyof InitAnswers]: InitAnswers[Name] } = {};
  for (const name of found.unknown) {
    const answer =
      name === 'schedule'
        ? await questions.choice({
            message: 'When is an issue sent? (any other time: `schedule` in the file)',
            choices: SCHEDULES,
          })
        : await questions.text(textQuestion(name, found));
    if (answer !== '') answers[name] = answer;
  }
  return answers;
}

function textQuestion(name: Exclude<keyof InitAnswers, 'schedule'>, { title, sender }: FoundWorkspace): TextQuestion {
  switch (name) {
    case 'site':
      return {
        message: 'Where are the posts published?',
        example: 'https://blog.example.org',
        problemOf: (answer) =>
          isWebAddress(answer) ? undefined : 'Write an address that begins with https:// or http://.',
      };
    case 'title':
      return { message: 'What is the newsletter called?', initial: title };
    case 'timezone':
      return {
        message: 'In which time zone is it sent?',
        initial: Intl.DateTimeFormat().resolvedOptions().timeZone,
        problemOf: (answer) => (isTimezone(answer) ? undefined : 'Write a zone such as Europe/London or UTC.'),
      };
    case 'sender':
      return {
        message: 'Which address is it sent from? (empty: decide later)',
        example: sender.address,
        problemOf: (answer) => (addressFrom(answer) ? undefined : 'Write an address such as digest@example.org.'),
      };
    case 'postalAddress':
      return {
        message: 'Which postal address is in its footer, on one line? (empty: decide later)',
        example: 'Name, street, town',
      };
  }
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
