/** `gazette subscribers …`: imports, lists and exports readers. */
import { type Command, InvalidArgumentError } from 'commander';
import { preferencesAsWishes, preferencesKey } from '../../domain/category.js';
import { GazetteError } from '../../domain/errors.js';
import type { SubscriberRow } from '../../domain/ports/audience.js';
import type { ImportReport, ImportRequest } from '../../readers/import.js';
import { isConfirmed } from '../confirm.js';
import type { CommandContext, Workspace } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, type Io, printable, styled } from '../io.js';
import { hiddenJson, withExamples, withNewsletterArgument, withNewsletterOption } from '../options.js';
import { printList } from '../print-list.js';
import { defineOne } from './subscriber.js';

export function define(command: Command, context: CommandContext): void {
  const importing = command
    .command('import')
    .description('add readers from a CSV file')
    .argument('<file>', 'a path, or - for standard input');
  withNewsletterOption(importing)
    .addOption(hiddenJson())
    .option('--consent-source <text>', 'how the readers gave consent, for lines without it')
    .option(
      '--map <column=field>',
      'the field that a column contains, such as "E-Mail=email"; may be repeated',
      mapped,
      [],
    )
    .option('--from <program>', 'the file was exported by listmonk, mailchimp, ghost, substack or buttondown')
    .option('--dry-run', 'count what would be imported, and write nothing')
    .option('-y, --yes', 'do not ask')
    .action((file: string, options: ImportOptions) => importFile(context, file, options));
  withNewsletterArgument(command.command('list').description('one reader per line'))
    .addOption(hiddenJson())
    .action((newsletter: string | undefined) => list(context, newsletter));
  withNewsletterArgument(command.command('export').description('all readers as CSV, on standard output')).action(
    async (newsletter: string | undefined) => {
      const { readers } = await context.workspace();
      for await (const text of readers.exportSubscribers(newsletter)) context.io.out(text);
    },
  );
  command
    .command('evidence')
    .description('the consent of every reader who confirmed: one JSON object per line, on standard output')
    .action(async () => {
      const { readers } = await context.workspace();
      for await (const evidence of readers.subscribers.listEvidence()) context.io.out(`${JSON.stringify(evidence)}\n`);
    });
  defineOne(command, context);
  withExamples(
    command,
    'subscribers import readers.csv --consent-source "sign-up form"',
    'subscribers import export.csv --from ghost --consent-source "sign-up at the old site" --dry-run',
    'subscribers add ann@example.org --consent-source "asked by telephone"',
    'subscribers list weekly',
    'subscribers export > readers.csv',
    'subscribers evidence > consent.jsonl',
  );
}

interface ImportOptions {
  readonly newsletter?: string;
  readonly consentSource?: string;
  readonly map: readonly (readonly [string, string])[];
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

type ColumnMap = NonNullable<ImportRequest['map']>;

async function importFile(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const { consentSource, dryRun = false, yes = false } = options;
  const { io } = context;
  const { readers, newsletter, files } = await context.workspaceFor(options.newsletter);
  const map = mapFrom(readers, options);
  const request = { newsletter, ...(consentSource && { consentSource }), ...(map && { map }) };
  // Standard input can be read only once, so what it contains cannot be shown before it is imported.
  const isAsked = file !== '-' && io.isInteractive && !yes && !context.isJson() && !dryRun;
  const source = async () => (file === '-' ? io.input : readFile(files, file));
  if (isAsked) {
    io.err(importText(await readers.importSubscribers({ ...request, source: await source(), dryRun: true }), io));
    if (!(await isConfirmed(context, 'Import them?'))) {
      io.err('Nothing was imported.\n');
      return context.exit(EXIT.nothingToDo);
    }
  }
  const report = await readers.importSubscribers({ ...request, source: await source(), dryRun });
  const tail = dryRun ? 'Nothing was written.\n' : '';
  context.print(dryRun ? { dryRun, ...report } : report, () => importText(report, io) + tail);
  if (report.refused.length > 0) context.exit(EXIT.needsAPerson);
}

async function readFile(files: Workspace['files'], path: string): Promise<Uint8Array> {
  const content = await files.read(path);
  if (content) return content;
  throw new GazetteError('import.unreadable', `There is no file ${path}.`, { hint: 'Check the path.' });
}

function mapped(text: string, before: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as column=field, such as "E-Mail=email".');
  return [...before, [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()]];
}

function mapFrom({ csv }: Workspace['readers'], { map, from }: ImportOptions): ColumnMap | undefined {
  const preset = from === undefined ? undefined : csv.presets[from.toLowerCase()];
  if (from !== undefined && !preset) {
    const hint = `Known: ${Object.keys(csv.presets).join(', ')}. For other programs use --map.`;
    throw new GazetteError('usage', `Exports of “${from}” cannot be read.`, { hint });
  }
  if (!preset && map.length === 0) return undefined;
  const columns = map.map(([heading, name]) => {
    const field = csv.columns.find((each) => each === name);
    if (field) return [heading, field] as const;
    throw new GazetteError('usage', `There is no field “${name}”.`, { hint: `Fields: ${csv.columns.join(', ')}.` });
  });
  return { columns: { ...preset?.columns, ...Object.fromEntries(columns) }, states: preset?.states ?? {} };
}

const MOST_REFUSED_SHOWN = 20;

function importText(report: ImportReport, io: Io): string {
  const counts = [
    `${report.added} added`,
    `${report.updated} updated`,
    `${report.unchanged} unchanged`,
    ...(report.repeated > 0 ? [`${report.repeated} repeated`] : []),
    ...(report.suppressed > 0 ? [`${report.suppressed} suppressed, who get no mail`] : []),
    ...(report.unsubscribed > 0 ? [`${report.unsubscribed} unchanged because they had unsubscribed`] : []),
  ];
  const refused = report.refused
    .slice(0, MOST_REFUSED_SHOWN)
    .map(({ line, message }) => `  line ${line}: ${printable(message)}\n`);
  const more = report.refused.length - refused.length;
  const title = styled(io, 'red', `${counted(report.refused.length, 'line')} refused`);
  const ignored =
    report.ignoredColumns.length > 0 ? `Ignored columns: ${report.ignoredColumns.map(printable).join(', ')}\n` : '';
  const taken = report.refused.length < report.lines ? ', the others were imported' : '';
  const tail =
    report.refused.length === 0
      ? ''
      : `${title}${taken}:\n${refused.join('')}${more > 0 ? `  and ${more} more\n` : ''}`;
  return `${counted(report.lines, 'line')}: ${counts.join(', ')}\n${ignored}${tail}`;
}

async function list(context: CommandContext, newsletter: string | undefined): Promise<void> {
  const { readers } = await context.workspace();
  await printList(context, 'subscribers', readers.subscribers.list(newsletter), { json: rowJson, text: rowText });
}

function rowJson({ subscriber, subscription, suppressed }: SubscriberRow) {
  return { ...subscriber, ...preferencesAsWishes(subscription), ...(suppressed && { suppressed }) };
}

function rowText({ subscriber, subscription, suppressed }: SubscriberRow): string {
  const preferences = preferencesKey(subscription.preferences);
  const state = suppressed ? `suppressed (${suppressed})` : subscription.state;
  return [
    subscriber.address,
    printable(subscriber.name),
    subscription.newsletter,
    state,
    preferences === '*' ? 'everything' : preferences,
  ].join('\t');
}
