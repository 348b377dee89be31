/** `gazette rehearse`: the issues that the schedule would have made of the archive. */
import type { Command } from 'commander';
import { GazetteError } from '../../domain/errors.js';
import { momentText } from '../../domain/moment-text.js';
import type { Rehearsal } from '../../issue/rehearse.js';
import type { CommandContext } from '../context.js';
import { clipped, columnsOf, counted, type Io, printable, styled } from '../io.js';
import { instantFrom, withExamples, withNewsletterArgument } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  withNewsletterArgument(command)
    .requiredOption('--from <day>', 'where the rehearsal starts', instantFrom)
    .requiredOption('--to <day>', 'where the rehearsal ends', instantFrom)
    .action(async (id: string | undefined, { from, to }: { from: Date; to: Date }) => {
      if (to < from)
        throw new GazetteError('usage', '--to is before --from.', { hint: 'Give the earlier moment as --from.' });
      const { issues, newsletter } = await context.workspaceFor(id);
      const rehearsal = await issues.rehearse({ newsletter, from, to });
      context.print(rehearsalJson(rehearsal), () => rehearsalText(rehearsal, newsletter.timezone, context.io));
    });
  withExamples(
    command,
    'rehearse --from 2025-01-01 --to 2026-01-01',
    'rehearse weekly --from 2025-01-01 --to 2026-01-01 --json',
  );
}

function rehearsalJson({ issues, never }: Rehearsal) {
  const named = issues.map(({ occurrence, posts }) => ({ occurrence, posts: posts.map(({ id }) => id) }));
  return { issues: named, never };
}

function rehearsalText({ issues, never, occurrences }: Rehearsal, timezone: string, io: Io): string {
  const blocks = issues.map(({ occurrence, number, posts }) => {
    const lines = posts.map(({ title }) => `    ${clipped(printable(title), Math.max(30, io.columns - 6))}\n`);
    return `${styled(io, 'bold', `Issue ${number}`)}  ${momentText(occurrence, timezone)}  ${counted(posts.length, 'post')}\n${lines.join('')}`;
  });
  const out = columnsOf(never.map(({ id, reason }) => [`    ${clipped(printable(id), 60)}`, reason]));
  const tail =
    never.length > 0 ? `\n${styled(io, 'bold', `Never carried: ${counted(never.length, 'post')}`)}\n${out}` : '';
  const sum = `\n${counted(issues.length, 'issue')} of ${counted(occurrences, 'occurrence')}, ${counted(
    issues.reduce((all, { posts }) => all + posts.length, 0),
    'post',
  )}.\n`;
  return blocks.join('') + tail + sum;
}
