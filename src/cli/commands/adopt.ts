/** `gazette adopt`: a person says that a restored copy is the database that sends from here on. */
import type { Command } from 'commander';
import { issueCommand } from '../../domain/issue.js';
import type { IssueLine } from '../../sending/issues.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command
    .option('-y, --yes', 'do not ask')
    .action(({ yes = false }: { readonly yes?: boolean }) => adopt(context, !yes));
  withExamples(command, 'adopt', 'adopt --yes');
}

async function adopt(context: CommandContext, isAsked: boolean): Promise<void> {
  if (isAsked) refuseUnaskable(context, 'adopt the copy');
  const flows = await context.flows();
  const report = await flows.adopt({ confirm: async (_, open) => !isAsked || confirm(context, open) });
  if (report.kind === 'original') {
    context.print({ outcome: 'original' }, () => 'This database is no copy: there is nothing to adopt.\n');
    return context.exit(EXIT.nothingToDo);
  }
  const json = {
    outcome: report.kind,
    copiedAt: report.copiedAt,
    paused: report.open.map(({ issue }) => ({ newsletter: issue.newsletter, issue: issue.number })),
  };
  if (report.kind === 'declined') {
    context.print(json, () => 'Not adopted.\n');
    return context.exit(EXIT.nothingToDo);
  }
  context.print(json, () => `Adopted: this database sends from here on.\n${openText(report.open)}`);
}

function confirm(context: CommandContext, open: readonly IssueLine[]): Promise<boolean> {
  context.io.err(openText(open));
  return isConfirmed(context, 'Has the original stopped sending?');
}

/** Whoever the original reached after the copy was made would get the rest of an open issue twice. */
function openText(open: readonly IssueLine[]): string {
  return open
    .map(
      ({ issue, counts }) =>
        `Issue ${issue.number} of “${issue.newsletter}” was open when the copy was made, with ${counts.planned + counts.claimed + counts.attempted} to send; it is left paused. ` +
        `If the original went on after that, ${issueCommand('resume', issue)} repeats what it sent, and ${issueCommand('cancel', issue)} leaves the rest out.\n`,
    )
    .join('');
}
