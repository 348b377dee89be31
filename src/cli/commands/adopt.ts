/** `gazette adopt`: lets a restored copy of the database send. */
import type { Command } from 'commander';
import { openCount } from '../../domain/delivery.js';
import { issueCommand } from '../../domain/issue.js';
import type { UnfinishedIssue } from '../../operate/backup.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command
    .option('-y, --yes', 'do not ask')
    .action(({ yes = false }: { readonly yes?: boolean }) => adopt(context, yes));
  withExamples(command, 'adopt', 'adopt --yes');
}

async function adopt(context: CommandContext, isSure: boolean): Promise<void> {
  if (!isSure) refuseUnaskable(context, 'adopt the copy');
  const { operate } = await context.workspace();
  const report = await operate.adopt({
    confirm: async (_, open) => {
      if (isSure) return true;
      context.io.err(openText(open));
      return isConfirmed(context, 'Has the original stopped sending for good?');
    },
  });
  if (report.kind === 'original') {
    context.print({ outcome: 'original' }, () => 'This database is not a copy: there is nothing to adopt.\n');
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
  context.print(json, () => `Adopted: mails are sent from this database from now on.\n${openText(report.open)}`);
}

/** Readers who got an open issue from the original after the copy was made would get it twice. */
function openText(open: readonly UnfinishedIssue[]): string {
  return open
    .map(
      ({ issue, counts }) =>
        `Issue ${issue.number} of “${issue.newsletter}” had ${openCount(counts)} mails left to send when the copy was made. It stays paused. ` +
        `If the original sent more of it after that, ${issueCommand('resume', issue)} sends those mails twice, and ${issueCommand('cancel', issue)} sends no more.\n`,
    )
    .join('');
}
