/** `gazette feedback …`: reads what came back. */
import type { Command } from 'commander';
import { GazetteError } from '../../domain/errors.js';
import type { ReadMailsReport } from '../../feedback/read-mails.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted } from '../io.js';
import { hiddenJson, repeated, withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command
    .command('read')
    .description('read bounces, complaints and other mails that came back, and act on them')
    .argument('<path>', 'a mail, an mbox, a Maildir, or - for standard input')
    .option('--recipient <address>', 'whom the envelope of these mails named; may be repeated', repeated)
    .addOption(hiddenJson())
    .action((path: string, options: ReadOptions) => read(context, path, options));
  command
    .command('pipe')
    .description('take one mail from standard input, as mail servers deliver to a program')
    .option('--recipient <address>', 'whom the envelope named; may be repeated', repeated)
    .action((options: ReadOptions) => pipe(context, options));
  withExamples(
    command,
    'feedback read ~/Maildir',
    'feedback read bounces.mbox --json',
    'feedback pipe --recipient "$RECIPIENT" < mail.eml',
  );
}

interface ReadOptions {
  readonly recipient?: readonly string[];
}

const PROGRESS_EVERY = 1000;

async function read(context: CommandContext, path: string, { recipient = [] }: ReadOptions): Promise<void> {
  const { io } = context;
  const { feedback } = await context.workspace();
  const report = await feedback.readMails({
    from: path === '-' ? io.input : path,
    recipients: recipient,
    signal: io.signal,
    onProgress: (mails) => {
      if (mails % PROGRESS_EVERY === 0) io.err(`${counted(mails, 'mail')} read\n`);
    },
  });
  context.print(report, reportText);
  if (report.mails === 0) context.exit(EXIT.nothingToDo);
}

/** Whatever goes wrong, the mail server keeps the mail and comes again (sysexits: EX_TEMPFAIL). */
async function pipe(context: CommandContext, { recipient = [] }: ReadOptions): Promise<void> {
  const { io } = context;
  try {
    const { feedback } = await context.workspace();
    await feedback.readMails({ from: io.input, recipients: recipient, signal: io.signal });
  } catch (error) {
    const { message, hint } = error instanceof GazetteError ? error : { message: String(error), hint: '' };
    io.err(`${message}${hint === '' ? '' : ` ${hint}`}\n`);
    context.exit(EXIT.tryAgain);
  }
}

/** One and several of each kind. */
const NAMES: { readonly [kind: string]: readonly [one: string, several?: string] } = {
  hard: ['hard bounce'],
  soft: ['soft bounce'],
  policy: ['refused for what we send', 'refused for what we send'],
  delayed: ['delayed', 'delayed'],
  delivered: ['delivered', 'delivered'],
  complaint: ['complaint'],
  unsubscribe: ['unsubscribe request'],
  'auto-reply': ['automatic reply', 'automatic replies'],
  other: ['other mail'],
};

const figure = (count: number) => count.toLocaleString('en');

function reportText({ mails, reports, known, ties, kinds, suppressed, unsubscribed }: ReadMailsReport): string {
  const found = Object.entries(NAMES).flatMap(([kind, name]) =>
    kinds[kind] ? [`  ${counted(kinds[kind], ...name)}\n`] : [],
  );
  const { tied, forged, untied } = ties;
  return [
    `${counted(mails, 'mail')} read, ${counted(reports, 'report')}${known > 0 ? `, ${figure(known)} of them known already` : ''}:\n`,
    ...found,
    `${figure(tied)} tied to a delivery, ${figure(untied)} to none, ${figure(forged)} forged.\n`,
    `${counted(suppressed, 'address', 'addresses')} suppressed, ${counted(unsubscribed, 'subscription')} ended.\n`,
  ].join('');
}
