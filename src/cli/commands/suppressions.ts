/** `gazette suppressions …`: addresses that get no mail. */
import type { Command } from 'commander';
import type { SuppressionsReport } from '../../readers/import-suppressions.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { ignoredText, lineProgress, linesOf, refusedText } from '../import-report.js';
import { counted, type Io, printable } from '../io.js';
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
    .command('import')
    .description('send no more mail to the addresses of a CSV file: a column of addresses, and a reason')
    .argument('<file>', 'a path, or - for standard input')
    .addOption(hiddenJson())
    .option('--dry-run', 'count what would be imported, and write nothing')
    .action((file: string, { dryRun = false }: { readonly dryRun?: boolean }) => importFile(context, file, dryRun));
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
  withExamples(
    command,
    'suppressions list',
    'suppressions add ann@example.org',
    'suppressions import bounces.csv',
    'suppressions remove ann@example.org',
  );
}

function printChange(context: CommandContext, changed: boolean, done: string, unchanged: string): void {
  context.print({ changed }, () => `${changed ? done : unchanged}\n`);
  if (!changed) context.exit(EXIT.nothingToDo);
}

async function importFile(context: CommandContext, file: string, dryRun: boolean): Promise<void> {
  const { io } = context;
  const { readers, files } = await context.workspace();
  const source = linesOf(io, files, file);
  const report = await readers.importSuppressions({ source, dryRun, ...lineProgress(io) });
  const tail = dryRun ? 'Nothing was written.\n' : '';
  context.print(dryRun ? { dryRun, ...report } : report, () => importText(report, io) + tail);
  if (report.refusedCount > 0) context.exit(EXIT.needsAPerson);
}

function importText(report: SuppressionsReport, io: Io): string {
  const counts = [
    `${report.added} suppressed`,
    `${report.unchanged} suppressed already`,
    ...(report.repeated > 0 ? [`${report.repeated} repeated`] : []),
  ];
  const words = Object.entries(report.otherReasons).map(([word, count]) => `${count} “${printable(word)}”`);
  const others = words.length > 0 ? `Reasons that are not known, kept as manual: ${words.join(', ')}\n` : '';
  const tail = refusedText(report, io, report.refusedCount < report.lines ? ', the others were imported' : '');
  return `${counted(report.lines, 'line')}: ${counts.join(', ')}\n${others}${ignoredText(report)}${tail}`;
}
