/** `gazette suppressions …`: addresses no mail goes to. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../io.js';
import { withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  const json = () => new Option('--json').hideHelp();
  command
    .command('list')
    .description('one line an address, with the reason')
    .addOption(json())
    .action(async () => {
      const { io } = context;
      const rows = (await context.flows()).listSuppressions();
      if (context.isJson()) io.out('{"suppressions":[');
      let separator = '';
      for await (const { addressKey, reason, at } of rows) {
        const line = [printable(addressKey), reason, at.toISOString()].join('\t');
        io.out(context.isJson() ? `${separator}${JSON.stringify({ address: addressKey, reason, at })}` : `${line}\n`);
        separator = ',';
      }
      if (context.isJson()) io.out(']}\n');
    });
  command
    .command('add')
    .description('write to an address no more')
    .argument('<address>')
    .addOption(json())
    .action(async (address: string) => {
      const done = await (await context.flows()).suppress(address);
      tell(context, done, `No mail goes to ${address} any more.`, `${address} was suppressed already.`);
    });
  command
    .command('remove')
    .description('allow mail to an address again')
    .argument('<address>')
    .addOption(json())
    .action(async (address: string) => {
      const done = await (await context.flows()).unsuppress(address);
      tell(context, done, `Mail may go to ${address} again.`, `${address} was not suppressed.`);
    });
  withExamples(command, 'suppressions list', 'suppressions add ann@example.org', 'suppressions remove ann@example.org');
}

function tell(context: CommandContext, changed: boolean, done: string, nothing: string): void {
  context.print({ changed }, () => `${changed ? done : nothing}\n`);
  if (!changed) context.exit(EXIT.nothingToDo);
}
