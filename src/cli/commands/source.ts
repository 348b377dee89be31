/** `gazette source …`: confirms that the posts missing from a source are really gone. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, printable } from '../io.js';
import { hiddenJson, withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command
    .command('accept-withdrawals')
    .description('the posts missing from this source are really gone; `gazette status` shows how many')
    .argument('<source>')
    .addOption(hiddenJson())
    .action(async (source: string) => {
      const { issues } = await context.workspace();
      const report = await issues.acceptWithdrawals(source);
      context.print(report, ({ withdrawn }) =>
        withdrawn === 0
          ? `No posts of “${printable(source)}” are in question.\n`
          : `${counted(withdrawn, 'post')} of “${printable(source)}” ${withdrawn === 1 ? 'counts' : 'count'} as withdrawn.\n`,
      );
      if (report.withdrawn === 0) context.exit(EXIT.nothingToDo);
    });
  withExamples(command, 'source accept-withdrawals blog');
}
