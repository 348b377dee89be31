/** `gazette subscribers add|remove|show|erase`: one reader. */
import type { Command } from 'commander';
import { preferencesKey } from '../../domain/category.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext, Workspace } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../io.js';
import { hiddenJson, withNewsletterOption } from '../options.js';

interface AddOptions {
  readonly newsletter?: string;
  readonly consentSource: string;
  readonly name?: string;
  readonly language?: string;
  readonly categories?: string;
}

/** Adds these four to `gazette subscribers`. */
export function defineOne(command: Command, context: CommandContext): void {
  withNewsletterOption(command.command('add').description('add one reader').argument('<address>'))
    .addOption(hiddenJson())
    .requiredOption('--consent-source <text>', 'how the reader gave consent')
    .option('--name <text>', 'the name of the reader')
    .option('--language <tag>', 'the language of the reader, such as de')
    .option('--categories <keys>', 'only these, separated by commas; by default all')
    .action((address: string, options: AddOptions) => add(context, address, options));
  withNewsletterOption(
    command.command('remove').description('end the subscription to one newsletter, or to all').argument('<address>'),
  )
    .addOption(hiddenJson())
    .action(async (address: string, { newsletter }: { newsletter?: string }) => {
      const { readers } = await context.workspace();
      const ended = await readers.subscribers.remove(address, newsletter);
      context.print({ ended }, () =>
        ended.length > 0
          ? `${address} is unsubscribed from ${ended.join(', ')}.\n`
          : `${address} was not subscribed.\n`,
      );
      if (ended.length === 0) context.exit(EXIT.nothingToDo);
    });
  command
    .command('show')
    .description('everything stored about one reader, with the evidence of consent')
    .argument('<address>')
    .addOption(hiddenJson())
    .action(async (address: string) => {
      const { readers } = await context.workspace();
      context.print(await readers.subscribers.show(address), shownText);
    });
  command
    .command('erase')
    .description('delete everything about one reader for ever; a keyed hash of the address stays suppressed')
    .argument('<address>')
    .option('-y, --yes', 'do not ask')
    .addOption(hiddenJson())
    .action((address: string, { yes }: { yes?: boolean }) => erase(context, address, yes === true));
}

async function add(context: CommandContext, address: string, options: AddOptions): Promise<void> {
  const { consentSource, name, language, categories } = options;
  const { readers, newsletter } = await context.workspaceFor(options.newsletter);
  const report = await readers.subscribers.add({
    newsletter,
    address,
    consentSource,
    ...(name && { name }),
    ...(language && { language }),
    ...(categories && { categories: categories.split(',').map((key) => key.trim()) }),
  });
  const result = {
    added: 'is subscribed',
    updated: 'is subscribed; the details were updated',
    unchanged: 'was subscribed already',
    suppressed: 'is stored, but suppressed, and gets no mail',
    unsubscribed: 'has unsubscribed, and was not changed',
  };
  context.print(report, ({ outcome }) => `${report.address} ${result[outcome]} (${report.newsletter}).\n`);
  if (report.outcome === 'unchanged' || report.outcome === 'unsubscribed') context.exit(EXIT.nothingToDo);
}

type Shown = Awaited<ReturnType<Workspace['readers']['subscribers']['show']>>;

function shownText({ subscriber, subscriptions, suppressed, evidence }: Shown): string {
  const lines = subscriptions.map(({ newsletter, state, wishes, pausedUntil, consent }) => {
    const chosen = preferencesKey(wishes) === '*' ? 'everything' : preferencesKey(wishes);
    const pause = pausedUntil ? `, paused until ${pausedUntil.toISOString().slice(0, 10)}` : '';
    return `  ${newsletter}  ${state}${pause}, ${chosen}; agreed ${consent.at.toISOString()} (${printable(consent.source)})\n`;
  });
  const kept = evidence.map(({ purpose, newsletter, asked, confirmed }) => {
    const end = confirmed ? `confirmed ${confirmed.at.toISOString()} from ${printable(confirmed.ip)}` : 'not confirmed';
    return `  ${purpose}  ${newsletter}  asked ${asked.at.toISOString()} from ${printable(asked.ip)}, ${end}\n`;
  });
  const head = [subscriber.address, printable(subscriber.name), subscriber.language ?? ''].filter(
    (part) => part !== '',
  );
  return [
    `${head.join('  ')}${suppressed ? `  suppressed (${suppressed})` : ''}\n`,
    ...lines,
    ...(kept.length > 0 ? ['Evidence:\n', ...kept] : []),
  ].join('');
}

async function erase(context: CommandContext, address: string, isSure: boolean): Promise<void> {
  if (!isSure) refuseUnaskable(context, 'erase');
  const { readers } = await context.workspace();
  if (!isSure && !(await isConfirmed(context, `Erase everything about ${address} for ever?`))) {
    context.print({ erased: false }, () => 'Nothing was erased.\n');
    context.exit(EXIT.nothingToDo);
    return;
  }
  await readers.subscribers.erase(address);
  context.print({ erased: true }, () => `Everything about ${address} is erased.\n`);
}
