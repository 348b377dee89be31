/** `gazette send`: sends the next issue now. */
import type { Command } from 'commander';
import { GazetteError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { issueCommand } from '../../domain/issue.js';
import type { IssuePlan } from '../../issue/plan.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, type Io, printable, styled } from '../io.js';
import { instantFrom, withExamples, withNewsletterArgument } from '../options.js';
import { openProgress } from '../progress.js';
import { reportSent } from '../report-sent.js';
import { arrangementText, excludedText, planText, readersText, sectionsText, warningsText } from './plan.js';

interface SendCliOptions {
  readonly yes?: boolean;
  readonly test?: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly now?: Date;
  readonly acceptWithdrawals?: boolean;
}

export function define(command: Command, context: CommandContext): void {
  withNewsletterArgument(command)
    .option('-y, --yes', 'do not ask')
    .option('--test <address>', 'send it to this address only, marked [Test] and with dead links; nothing is recorded')
    .option('--dry-run', 'show what would be sent; change nothing')
    .option('--wait', 'wait until deferred deliveries have been tried again')
    .option('--now <moment>', 'with --dry-run or --test: use this moment as the cut-off', instantFrom)
    .option('--accept-withdrawals', 'treat posts missing from their source as gone')
    .action((id: string | undefined, options: SendCliOptions) => send(context, id, options));
  withExamples(
    command,
    'send',
    'send weekly --test me@example.org',
    'send weekly --dry-run',
    'send weekly --yes --json',
  );
}

async function send(context: CommandContext, id: string | undefined, options: SendCliOptions): Promise<void> {
  if (options.test !== undefined) return sendTest(context, id, options, options.test);
  if (options.dryRun) return dryRun(context, id, options);
  if (options.now)
    throw new GazetteError('send.now', '--now is only for --dry-run and --test: a real send uses the current time.');
  return sendReally(context, id, options);
}

/** The options that a dry run and a test have in common. */
function lookFrom({ io }: CommandContext, { now, acceptWithdrawals }: SendCliOptions) {
  return { signal: io.signal, ...(now && { now }), ...(acceptWithdrawals && { acceptWithdrawals }) };
}

async function dryRun(context: CommandContext, id: string | undefined, options: SendCliOptions): Promise<void> {
  const { issues, newsletter } = await context.workspaceFor(id);
  const plan = await issues.plan({ newsletter, ...lookFrom(context, options) });
  context.print(
    { dryRun: true, ...plan },
    () => `${planText(plan, newsletter.timezone, context.io)}\nNothing was sent.\n`,
  );
  if (plan.outcome !== 'issue') context.exit(EXIT.nothingToDo);
}

async function sendTest(
  context: CommandContext,
  id: string | undefined,
  options: SendCliOptions,
  testTo: string,
): Promise<void> {
  const { sending, newsletter } = await context.workspaceFor(id);
  const report = await sending.sendTest({ newsletter, testTo, ...lookFrom(context, options) });
  if (report.kind !== 'tested') {
    const why = report.kind === 'too-few' ? 'too few posts (minPosts)' : 'nothing new';
    context.print({ outcome: report.kind }, () => `There is no issue to test: ${why}.\n`);
    context.exit(EXIT.nothingToDo);
    return;
  }
  context.print(report, ({ outcome, to, subject, reply }) =>
    outcome === 'accepted' ? `Sent to ${to}: [Test] ${subject}\n` : `Not sent to ${to}: ${outcome}: ${reply}\n`,
  );
  if (report.outcome !== 'accepted') context.exit(EXIT.failed);
}

async function sendReally(context: CommandContext, id: string | undefined, options: SendCliOptions): Promise<void> {
  const { io } = context;
  const isAsked = !options.yes;
  if (isAsked) refuseUnaskable(context, 'send');
  const { sending, newsletter } = await context.workspaceFor(id);
  const progress = openProgress(io, context.isJson());
  for (const { issue, left } of await sending.unfinished(newsletter)) {
    io.err(`Issue ${issue.number} still has ${counted(left, 'mail')} to send (${issue.state}).\n`);
    if (isAsked && (await isConfirmed(context, 'Continue it instead of making a new issue?'))) {
      const resumed = await sending.resume(newsletter, issue.number, {
        signal: io.signal,
        onProgress: progress.update,
      });
      progress.end();
      return reportSent(context, resumed);
    }
    io.err(`${issueCommand('resume', issue)} continues it.\n`);
  }
  const report = await sending.sendNext({
    newsletter,
    signal: io.signal,
    ...(options.wait && { wait: true }),
    ...(options.acceptWithdrawals && { acceptWithdrawals: true }),
    confirm: async (plan, check) => {
      const trouble = excludedText(plan, newsletter.timezone, io) + errorsText(await check(), io);
      if (isAsked) return confirm(context, plan, trouble);
      io.err(warningsText(plan, io) + trouble);
      return true;
    },
    onProgress: progress.update,
  });
  progress.end();
  if (report.kind !== 'sent') {
    const text = {
      'nothing-new': 'Nothing new: no issue was made.',
      'too-few': 'Too few posts for an issue (minPosts); they wait for the next one.',
      'no-readers': 'No reader of this newsletter may get a mail: no issue was made. Its posts wait for the next one.',
      declined: 'Not sent.',
    };
    context.print({ outcome: report.kind }, () => `${text[report.kind]}\n`);
    context.exit(EXIT.nothingToDo);
    return;
  }
  reportSent(context, report);
}

/** What `gazette check` calls an error: it does not stop an issue, but nobody should send it unseen. */
function errorsText(findings: readonly Finding[], io: Io): string {
  const errors = findings.filter(({ level }) => level === 'error');
  const lines = errors.map(
    ({ where, message }) => `${styled(io, 'red', 'error')} ${printable(where)}: ${printable(message)}\n`,
  );
  return lines.length === 0 ? '' : `${lines.join('')}\`gazette check\` says what to do.\n`;
}

function confirm(context: CommandContext, plan: IssuePlan, trouble: string): Promise<boolean> {
  const { io } = context;
  io.err(
    `${styled(io, 'bold', `${plan.title}, issue ${plan.number}`)}\n${sectionsText(plan, io)}\n${readersText(plan)}${arrangementText(plan, io)}${trouble}\n`,
  );
  const readers = counted(plan.readers.planned, 'reader');
  return isConfirmed(context, `Send issue ${plan.number} to ${readers}?`);
}
