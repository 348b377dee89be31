/** `gazette subscribers …`: who reads. */
import { type Command, Option } from 'commander';
import { wishesKey } from '../../domain/category.js';
import type { SubscriberRow } from '../../domain/ports.js';
import type { ImportReport } from '../../flows/import-subscribers.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, type Io, printable, styled } from '../io.js';
import { withExamples, withNewsletterArgument, withNewsletterOption } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  const json = () => new Option('--json').hideHelp();
  const bring = command
    .command('import')
    .description('add readers from a CSV file')
    .argument('<file>', 'a path, or - for standard input');
  withNewsletterOption(bring)
    .addOption(json())
    .option('--consent-source <text>', 'how the readers agreed, for lines that do not say')
    .action((file: string, options: ImportOptions) => importFile(context, file, options));
  withNewsletterArgument(command.command('list').description('one line a reader'))
    .addOption(json())
    .action((newsletter: string | undefined) => list(context, newsletter));
  withNewsletterArgument(command.command('export').description('all readers as CSV, on standard output')).action(
    async (newsletter: string | undefined) => {
      for await (const text of (await context.flows()).exportSubscribers(newsletter)) context.io.out(text);
    },
  );
  withExamples(
    command,
    'subscribers import readers.csv --consent-source "sign-up form"',
    'subscribers list weekly',
    'subscribers export > readers.csv',
  );
}

interface ImportOptions {
  readonly newsletter?: string;
  readonly consentSource?: string;
}

async function importFile(
  context: CommandContext,
  file: string,
  { newsletter, consentSource }: ImportOptions,
): Promise<void> {
  const flows = await context.flows();
  const source = file === '-' ? context.io.input : await flows.readFile(file);
  const report = await flows.importSubscribers({ newsletter, source, ...(consentSource && { consentSource }) });
  context.print(report, () => importText(report, context.io));
  if (report.refused.length > 0) context.exit(EXIT.needsAPerson);
}

const MOST_REFUSED_SHOWN = 20;

function importText(report: ImportReport, io: Io): string {
  const counts = [
    `${report.added} added`,
    `${report.updated} updated`,
    `${report.unchanged} unchanged`,
    ...(report.repeated > 0 ? [`${report.repeated} repeated`] : []),
    ...(report.suppressed > 0 ? [`${report.suppressed} suppressed: they get no mail`] : []),
    ...(report.unsubscribed > 0 ? [`${report.unsubscribed} had unsubscribed and were left alone`] : []),
  ];
  const refused = report.refused
    .slice(0, MOST_REFUSED_SHOWN)
    .map(({ line, message }) => `  line ${line}: ${printable(message)}\n`);
  const more = report.refused.length - refused.length;
  const title = styled(io, 'red', `${counted(report.refused.length, 'line')} refused`);
  const ignored =
    report.ignoredColumns.length > 0
      ? `Columns that mean nothing here: ${report.ignoredColumns.map(printable).join(', ')}\n`
      : '';
  const taken = report.refused.length < report.lines ? ', the others were taken' : '';
  const tail =
    report.refused.length === 0
      ? ''
      : `${title}${taken}:\n${refused.join('')}${more > 0 ? `  and ${more} more\n` : ''}`;
  return `${counted(report.lines, 'line')}: ${counts.join(', ')}\n${ignored}${tail}`;
}

async function list(context: CommandContext, newsletter: string | undefined): Promise<void> {
  const rows = (await context.flows()).listSubscribers(newsletter);
  const { io } = context;
  if (!context.isJson()) {
    for await (const row of rows) io.out(`${rowText(row)}\n`);
    return;
  }
  io.out('{"subscribers":[');
  let separator = '';
  for await (const row of rows) {
    io.out(`${separator}${JSON.stringify(rowJson(row))}`);
    separator = ',';
  }
  io.out(']}\n');
}

function rowJson({ subscriber, subscription, suppressed }: SubscriberRow) {
  return { ...subscriber, ...subscription, ...(suppressed && { suppressed }) };
}

function rowText({ subscriber, subscription, suppressed }: SubscriberRow): string {
  const wishes = wishesKey(subscription.wishes);
  const state = suppressed ? `suppressed (${suppressed})` : subscription.state;
  return [
    subscriber.address,
    printable(subscriber.name),
    subscription.newsletter,
    state,
    wishes === '*' ? 'everything' : wishes,
  ].join('\t');
}
