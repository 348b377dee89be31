/** `gazette suppressions …`: addresses that get no mail. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../io.js';
import { hiddenJson, withExamples } from '../options.js';
import { printList } from '../print-list.js';

export function define(command: Command, context: CommandContext): void {
  command
    .command('list')
    .description('one address per line, with the reason')
    .addOption(hiddenJson())
    .action(async () => {
      const { readers } = await context.workspace();
      await printList(context, 'suppressions', readers.subscribers.listSuppressions(), {
        json: ({ addressKey, reason, at }) => ({ address: addressKey, reason, at }),
        text: ({ addressKey, reason, at }) => [printable(addressKey), reason, at.toISOString()].join('\t'),
      });
    });
  command
    .command('add')
    .description('send no more mail to an address')
    .argument('<address>')
    .addOption(hiddenJson())
    .action(async (address: string) => {
      const { readers } = await context.workspace();
      const isChanged = await readers.subscribers.suppress(address);
      printChange(context, isChanged, `${address} gets no more mail.`, `${address} was suppressed already.`);
    });
  command
    .command('remove')
    .description('allow mail to an address again')
    .argument('<address>')
    .addOption(hiddenJson())
    .action(async (address: string) => {
      const { readers } = await context.workspace();
      const isChanged = await readers.subscribers.unsuppress(address);
      printChange(context, isChanged, `${address} may get mail again.`, `${address} was not suppressed.`);
    });
  withExamples(command, 'suppressions list', 'suppressions add ann@example.org', 'suppressions remove ann@example.org');
}

function printChange(context: CommandContext, changed: boolean, done: string, unchanged: string): void {
  context.print({ changed }, () => `${changed ? done : unchanged}\n`);
  if (!changed) context.exit(EXIT.nothingToDo);
}
