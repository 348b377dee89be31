/** `gazette subscribers …`: imports, lists and exports readers. */
import { type Command, InvalidArgumentError } from 'commander';
import { preferencesAsWishes, preferencesKey } from '../../domain/category.js';
import { GazetteError } from '../../domain/errors.js';
import type { SubscriberRow } from '../../domain/ports/audience.js';
import type { TidyableReader } from '../../domain/ports/feedback-store.js';
import type { ImportReport, ImportRequest } from '../../readers/import.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext, Workspace } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { ignoredText, lineProgress, linesOf, refusedText } from '../import-report.js';
import { counted, type Io, printable } from '../io.js';
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
    .option(
      '--map-value <word=state>',
      'what a word in the state column means: active, pending, unsubscribed, bounced or complained; may be repeated',
      mapped,
      [],
    )
    .option('--state <state>', 'the state of readers whose line has none')
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
  command
    .command('tidy')
    .description('list readers whom no mail reaches: bounced, complained, or not confirmed for long')
    .option('--remove', 'end their subscriptions; consent and suppressions stay as evidence')
    .option('-y, --yes', 'do not ask')
    .addOption(hiddenJson())
    .action((options: TidyOptions) => tidy(context, options));
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
  readonly mapValue: readonly (readonly [string, string])[];
  readonly state?: string;
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
  // Standard input can be read only once, and then no person can be asked.
  const isAsked = file !== '-' && io.isInteractive && !yes && !context.isJson() && !dryRun;
  const confirm = async (report: ImportReport) => {
    io.err(importText(report, io));
    return isConfirmed(context, 'Import them?');
  };
  const report = await readers.importSubscribers({
    newsletter,
    source: linesOf(context.io, files, file),
    dryRun,
    ...(consentSource && { consentSource }),
    ...(map && { map }),
    ...lineProgress(io),
    ...(isAsked && { confirm }),
  });
  if (isAsked && !report.isWritten) {
    io.err('Nothing was imported.\n');
    return context.exit(EXIT.nothingToDo);
  }
  const { isWritten: _, ...counts } = report;
  const tail = dryRun ? 'Nothing was written.\n' : '';
  context.print(dryRun ? { dryRun, ...counts } : counts, () => importText(report, io) + tail);
  if (report.refusedCount > 0) context.exit(EXIT.needsAPerson);
}

function mapped(text: string, before: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as column=field, such as "E-Mail=email".');
  return [...before, [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()]];
}

function mapFrom({ csv }: Workspace['readers'], { map, mapValue, state, from }: ImportOptions): ColumnMap | undefined {
  const preset = from === undefined ? undefined : csv.presets[from.toLowerCase()];
  if (from !== undefined && !preset) {
    const hint = `Known: ${Object.keys(csv.presets).join(', ')}. For other programs use --map.`;
    throw new GazetteError('usage', `Exports of “${from}” cannot be read.`, { hint });
  }
  if (!preset && map.length === 0 && mapValue.length === 0 && state === undefined) return undefined;
  const oneOf = <Name extends string>(names: readonly Name[], text: string, what: string): Name => {
    const found = names.find((each) => each === text);
    if (found) return found;
    throw new GazetteError('usage', `There is no ${what} “${text}”.`, { hint: `Known: ${names.join(', ')}.` });
  };
  const columns = map.map(([heading, name]) => [heading, oneOf(csv.columns, name, 'field')] as const);
  const states = mapValue.map(([word, name]) => [word, oneOf(csv.states, name, 'state')] as const);
  return {
    columns: { ...preset?.columns, ...Object.fromEntries(columns) },
    states: { ...preset?.states, ...Object.fromEntries(states) },
    ...(preset?.alwaysHasState && { alwaysHasState: true }),
    ...(state !== undefined && { stateOtherwise: oneOf(csv.states, state, 'state') }),
  };
}

function importText(report: ImportReport, io: Io): string {
  const counts = [
    `${report.added} added`,
    `${report.updated} updated`,
    `${report.unchanged} unchanged`,
    ...(report.repeated > 0 ? [`${report.repeated} repeated`] : []),
    ...(report.suppressed > 0 ? [`${report.suppressed} suppressed, who get no mail`] : []),
    ...(report.unsubscribed > 0 ? [`${report.unsubscribed} unchanged because they had unsubscribed`] : []),
  ];
  const taken = report.refusedCount < report.lines ? ', the others were imported' : '';
  const tail = refusedText(report, io, taken);
  const states = Object.entries(report.states).map(([word, count]) => `${count} ${printable(word)}`);
  const inWords = states.length > 0 ? `States in the file: ${states.join(', ')}\n` : '';
  return `${counted(report.lines, 'line')}: ${counts.join(', ')}\n${inWords}${ignoredText(report)}${tail}`;
}

interface TidyOptions {
  readonly remove?: boolean;
  readonly yes?: boolean;
}

async function tidy(context: CommandContext, { remove = false, yes = false }: TidyOptions): Promise<void> {
  const { tidying } = (await context.workspace()).feedback;
  if (!remove) {
    await printList(context, 'readers', tidying.list(), { json: (reader) => reader, text: tidyText });
    return;
  }
  if (!yes) refuseUnaskable(context, 'remove');
  let count = 0;
  for await (const _ of tidying.list()) count += 1;
  const question = `End ${counted(count, 'subscription')}?`;
  const removed = count > 0 && (yes || (await isConfirmed(context, question))) ? await tidying.remove() : 0;
  context.print({ removed }, () => `${counted(removed, 'subscription')} ended.\n`);
  if (removed === 0) context.exit(EXIT.nothingToDo);
}

function tidyText({ address, newsletter, why, since }: TidyableReader): string {
  return [printable(address), newsletter, why, since.toISOString().slice(0, 10)].join('\t');
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
