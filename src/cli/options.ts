/** Options that several commands share, and how their values are read. */
import { type Command, InvalidArgumentError } from 'commander';

/** A moment: ISO 8601 with a date, and an offset or none (then the host's time). */
export function instantFrom(text: string): Date {
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Write a moment as 2026-06-15T08:00:00+01:00, or a day as 2026-06-15.');
}

export function issueNumberFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write an issue as its number, such as 7.');
}

export function withNewsletterArgument(command: Command): Command {
  return command.argument('[newsletter]', 'its id; not needed where there is only one');
}

export function withNewsletterOption(command: Command): Command {
  return command.option('--newsletter <id>', 'of which newsletter; not needed where there is only one');
}

/** `Examples:` below a help text. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ gazette ${example}\n`).join('')}`);
}
