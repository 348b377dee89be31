/** Options that several commands share, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

/** A day, or a day and a time, by ISO 8601; in UTC where it has no offset. */
export function instantFrom(text: string): Date {
  const [, day, time = '00:00', offset = 'Z'] = MOMENT.exec(text) ?? [];
  const moment = new Date(`${day}T${time}${offset.toUpperCase()}`);
  // Date accepts a day that the month does not have, and moves it to the next month.
  const isReal = !Number.isNaN(moment.getTime()) && new Date(`${day}T00:00Z`).toISOString().startsWith(`${day}`);
  if (isReal) return moment;
  throw new InvalidArgumentError('Write a date and time as 2026-06-15T08:00:00+01:00, or a date as 2026-06-15.');
}

export function issueNumberFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write the number of the issue, such as 7.');
}

export function portFrom(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('Write the port as a number from 0 to 65535.');
}

export function siteFrom(text: string): string {
  if (/^https?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('Write an http or https address, such as https://blog.example.org.');
}

export function withNewsletterArgument(command: Command): Command {
  return command.argument('[newsletter]', 'id of the newsletter; not needed where there is only one');
}

export function withNewsletterOption(command: Command): Command {
  return command.option('--newsletter <id>', 'id of the newsletter; not needed where there is only one');
}

/** `Examples:` below a help text. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ gazette ${example}\n`).join('')}`);
}

/** `--json` for a subcommand; the help of `gazette` explains it. */
export function hiddenJson(): Option {
  return new Option('--json').hideHelp();
}

/** Collects the values of an option that may be repeated. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
