/** `gazette subscribers add|remove|show|erase`: one reader. */
import { type Command, Option } from 'commander';
import { preferencesKey } from '../../domain/category.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../io.js';
import { withNewsletterOption } from '../options.js';

const json = () => new Option('--json').hideHelp();

interface AddOptions {
  readonly newsletter?: string;
  readonly consentSource: string;
  readonly name?: string;
  readonly language?: string;
  readonly categories?: string;
}

/** Adds the four to the command that lists, imports and exports. */
export function defineOne(command: Command, context: CommandContext): void {
  withNewsletterOption(command.command('add').description('add one reader').argument('<address>'))
    .addOption(json())
    .requiredOption('--consent-source <text>', 'how the reader agreed')
    .option('--name <text>', 'what they are called')
    .option('--language <tag>', 'theirs, such as de')
    .option('--categories <keys>', 'only these, joined by commas; everything when absent')
    .action((address: string, options: AddOptions) => add(context, address, options));
  withNewsletterOption(
    command
      .command('remove')
      .description('end a subscription; all of them when no newsletter is named')
      .argument('<address>'),
  )
    .addOption(json())
    .action(async (address: string, { newsletter }: { newsletter?: string }) => {
      const ended = await (await context.flows()).removeSubscriber(address, newsletter);
      context.print({ ended }, () =>
        ended.length > 0 ? `${address} gets no more: ${ended.join(', ')}.\n` : `${address} was not subscribed.\n`,
      );
      if (ended.length === 0) context.exit(EXIT.nothingToDo);
    });
  command
    .command('show')
    .description('everything kept about one reader, the evidence of consent with it')
    .argument('<address>')
    .addOption(json())
    .action(async (address: string) => {
      const data = await (await context.flows()).showSubscriber(address);
      context.print(data, shownText);
    });
  command
    .command('erase')
    .description('blank one reader for ever; a keyed hash of the address stays suppressed')
    .argument('<address>')
    .option('-y, --yes', 'do not ask')
    .addOption(json())
    .action((address: string, { yes }: { yes?: boolean }) => erase(context, address, yes === true));
}

async function add(context: CommandContext, address: string, options: AddOptions): Promise<void> {
  const { newsletter, consentSource, name, language, categories } = options;
  const report = await (await context.flows()).addSubscriber({
    newsletter,
    address,
    consentSource,
    ...(name && { name }),
    ...(language && { language }),
    ...(categories && { categories: categories.split(',').map((key) => key.trim()) }),
  });
  const said = {
    added: 'is subscribed',
    updated: 'is subscribed, with what was changed',
    unchanged: 'was subscribed already',
    suppressed: 'is kept, but suppressed: they get no mail',
    unsubscribed: 'had unsubscribed, and was left alone',
  };
  context.print(report, ({ outcome }) => `${report.address} ${said[outcome]} (${report.newsletter}).\n`);
  if (report.outcome === 'unchanged' || report.outcome === 'unsubscribed') context.exit(EXIT.nothingToDo);
}

type Shown = Awaited<ReturnType<Awaited<ReturnType<CommandContext['flows']>>['showSubscriber']>>;

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
  const flows = await context.flows();
  if (!isSure && !(await isConfirmed(context, `Erase everything about ${address}, for ever?`))) {
    context.print({ erased: false }, () => 'Nothing was erased.\n');
    context.exit(EXIT.nothingToDo);
    return;
  }
  await flows.eraseSubscriber(address);
  context.print({ erased: true }, () => `Everything about ${address} is erased.\n`);
}
