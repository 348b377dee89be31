/** `gazette subscribers …`: who reads. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { preferencesKey } from '../../domain/category.js';
import { GazetteError } from '../../domain/errors.js';
import type { SubscriberRow } from '../../domain/ports/storage.js';
import type { ImportReport } from '../../readers/import.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, type Io, printable, styled } from '../io.js';
import { withExamples, withNewsletterArgument, withNewsletterOption } from '../options.js';
import { defineOne } from './subscriber.js';

export function define(command: Command, context: CommandContext): void {
  const json = () => new Option('--json').hideHelp();
  const bring = command
    .command('import')
    .description('add readers from a CSV file')
    .argument('<file>', 'a path, or - for standard input');
  withNewsletterOption(bring)
    .addOption(json())
    .option('--consent-source <text>', 'how the readers agreed, for lines that do not say')
    .option(
      '--map <column=field>',
      'what a column of the file means, such as "E-Mail=email"; may be repeated',
      mapped,
      [],
    )
    .option('--from <program>', 'read it as the export of listmonk, mailchimp, ghost, substack or buttondown')
    .option('--dry-run', 'count what would be done, and leave everything as it is')
    .option('-y, --yes', 'do not ask')
    .action((file: string, options: ImportOptions) => importFile(context, file, options));
  withNewsletterArgument(command.command('list').description('one line a reader'))
    .addOption(json())
    .action((newsletter: string | undefined) => list(context, newsletter));
  withNewsletterArgument(command.command('export').description('all readers as CSV, on standard output')).action(
    async (newsletter: string | undefined) => {
      for await (const text of (await context.flows()).exportSubscribers(newsletter)) context.io.out(text);
    },
  );
  command
    .command('evidence')
    .description('how every reader who confirmed agreed: one JSON object a line, on standard output')
    .action(async () => {
      for await (const evidence of (await context.flows()).listEvidence())
        context.io.out(`${JSON.stringify(evidence)}\n`);
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

type Import = Parameters<Awaited<ReturnType<CommandContext['flows']>>['importSubscribers']>[0];

async function importFile(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const { newsletter, consentSource, dryRun = false, yes = false } = options;
  const { io } = context;
  const flows = await context.flows();
  const map = mapFrom(flows, options);
  const request = { newsletter, ...(consentSource && { consentSource }), ...(map && { map }) };
  // Standard input is read once: whoever pipes a file in has nobody to answer either.
  const isAsked = file !== '-' && io.isInteractive && !yes && !context.isJson() && !dryRun;
  const read = async (): Promise<Import['source']> => (file === '-' ? io.input : flows.readFile(file));
  if (
    isAsked &&
    !(await agreed(context, await flows.importSubscribers({ ...request, source: await read(), dryRun: true })))
  ) {
    io.err('Nothing was imported.\n');
    context.exit(EXIT.nothingToDo);
    return;
  }
  const report = await flows.importSubscribers({ ...request, source: await read(), dryRun });
  const tail = dryRun ? 'Nothing was written.\n' : '';
  context.print(dryRun ? { dryRun, ...report } : report, () => importText(report, io) + tail);
  if (report.refused.length > 0) context.exit(EXIT.needsAPerson);
}

async function agreed({ io }: CommandContext, report: ImportReport): Promise<boolean> {
  io.err(importText(report, io));
  return /^y(es)?$/i.test((await io.ask('Import them? [y/N] '))?.trim() ?? '');
}

function mapped(text: string, before: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as column=field, such as "E-Mail=email".');
  return [...before, [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()]];
}

function mapFrom(flows: Awaited<ReturnType<CommandContext['flows']>>, { map, from }: ImportOptions): Import['map'] {
  const preset = from === undefined ? undefined : flows.importPreset(from.toLowerCase());
  if (from !== undefined && !preset) {
    const hint = `Known: ${flows.importPresets().join(', ')}. For any other use --map.`;
    throw new GazetteError('usage', `The exports of “${from}” are not known.`, { hint });
  }
  if (!preset && map.length === 0) return undefined;
  const fields = flows.importColumns();
  const columns = map.map(([heading, name]) => {
    const field = fields.find((each) => each === name);
    if (field) return [heading, field] as const;
    throw new GazetteError('usage', `There is no field “${name}”.`, { hint: `There are: ${fields.join(', ')}.` });
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
  const wishes = preferencesKey(subscription.wishes);
  const state = suppressed ? `suppressed (${suppressed})` : subscription.state;
  return [
    subscriber.address,
    printable(subscriber.name),
    subscription.newsletter,
    state,
    wishes === '*' ? 'everything' : wishes,
  ].join('\t');
}
