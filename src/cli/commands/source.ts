/** `gazette source …`: a person's answer to an odd listing of a source. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, printable } from '../io.js';
import { withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command
    .command('accept-withdrawals')
    .description('the posts it does not list any more are really gone; `gazette status` names those in question')
    .argument('<source>')
    .addOption(new Option('--json').hideHelp())
    .action(async (source: string) => {
      const report = await (await context.flows()).acceptWithdrawals(source);
      context.print(report, ({ withdrawn }) =>
        withdrawn === 0
          ? `No post of “${printable(source)}” is in question.\n`
          : `${counted(withdrawn, 'post')} of “${printable(source)}” count as withdrawn.\n`,
      );
      if (report.withdrawn === 0) context.exit(EXIT.nothingToDo);
    });
  withExamples(command, 'source accept-withdrawals blog');
}
