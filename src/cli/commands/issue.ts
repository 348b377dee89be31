/** `gazette issue …`: shows and verifies one issue, and continues, repeats, pauses or cancels its sending. */
import { type Command, Option } from 'commander';
import { needsPersonCount } from '../../domain/delivery.js';
import { type IssueRef, issueCommand } from '../../domain/issue.js';
import { momentText } from '../../domain/moment-text.js';
import { pauseText } from '../../domain/pause-reason.js';
import type { DeliveryRow } from '../../domain/ports/deliveries.js';
import type { DomainHealth, IssueFeedback } from '../../domain/ports/feedback-store.js';
import type { IssueDetails } from '../../sending/issues.js';
import type { SendOptions, SendReport } from '../../sending/run.js';
import { cameBackText } from '../came-back-text.js';
import { isConfirmed, refuseUnaskable } from '../confirm.js';
import type { CommandContext } from '../context.js';
import { editionRows } from '../edition-rows.js';
import { EXIT } from '../exit-codes.js';
import { columnsOf, counted, type Io, printable, styled } from '../io.js';
import { hiddenJson, issueNumberFrom, withExamples, withNewsletterOption } from '../options.js';
import { openProgress } from '../progress.js';
import { issueJson, reportSent, sentText } from '../report-sent.js';
import { defineAnswers } from './issue-answers.js';

interface IssueOptions {
  readonly newsletter?: string;
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly only?: 'rejected' | 'unknown';
  readonly readers?: boolean;
  readonly all?: boolean;
  readonly refused?: string;
}

type Action = (context: CommandContext, ref: IssueRef, options: IssueOptions) => Promise<void>;

export function define(command: Command, context: CommandContext): void {
  const verb = (name: string, summary: string, run: Action): Command => {
    const sub = command
      .command(name)
      .description(summary)
      .argument('<number>', 'the issue', issueNumberFrom)
      .argument('[newsletter]', 'the newsletter, as --newsletter');
    return withNewsletterOption(sub)
      .addOption(hiddenJson())
      .action((number: number, newsletter: string | undefined, options: IssueOptions) =>
        run(context, { number, newsletter: options.newsletter ?? newsletter }, options),
      );
  };
  verb('show', 'show its posts, editions and counts', show)
    .option('--readers', 'also every reader with the state of their delivery')
    .option('--all', 'list every edition, not only the ten with most readers');
  verb('verify', 'check that every reader has exactly one state; exits with 4 while any is open or unknown', verify);
  verb('resume', 'continue sending', resume).option('--wait', 'wait until deferred deliveries have been tried again');
  verb('resend', 'send once more to readers who were rejected, or whose outcome is unknown', resend)
    .addOption(new Option('--only <state>', 'which of them').choices(['rejected', 'unknown']).makeOptionMandatory())
    .option('--wait', 'wait until deferred deliveries have been tried again');
  verb(
    'return',
    'plan readers again who were refused although their addresses are fine; `resume` then sends',
    returnRefused,
  ).option(
    '--refused <words>',
    'refusals whose reply contains these words, or all; without it those that paused the issue',
  );
  verb('pause', 'stop sending until a person resumes it', pause);
  verb('cancel', 'stop sending for good', cancel).option('-y, --yes', 'do not ask');
  defineAnswers(command, context);
  withExamples(
    command,
    'issue approve --newsletter weekly --as "Group Office"',
    'issue show 7',
    'issue verify 7 --json',
    'issue resend 7 --only unknown',
    'issue return 7',
    'issue cancel 7 --yes',
  );
}

const show: Action = async (context, ref, { readers, all }) => {
  const workspace = await context.workspaceFor(ref.newsletter);
  const { sending, newsletter } = workspace;
  const details = await sending.show(newsletter, ref.number);
  const { issue, counts, editions, approval, paused } = details;
  const rows: (Omit<DeliveryRow, 'unknownOutcomes'> & { readonly doubts: number })[] = [];
  if (readers) {
    for await (const { unknownOutcomes: doubts, ...row } of await sending.deliveries(newsletter, ref.number)) {
      rows.push({ ...row, doubts });
    }
  }
  const feedback = await workspace.feedback.ofIssue(issue.id);
  const domains = await workspace.feedback.byDomain([issue.id]);
  const json = {
    ...issueJson(issue, counts, needsPersonCount(counts) === 0),
    feedback,
    domains,
    occurrence: issue.occurrence,
    manual: issue.manual,
    window: issue.window,
    frozenAt: issue.frozenAt,
    ...(approval && { approval }),
    ...(paused && { paused }),
    ...(issue.arrangement !== undefined && { arrangement: issue.arrangement }),
    posts: issue.posts,
    editions,
    ...(readers && { readers: rows }),
  };
  context.print(json, () => {
    const list = columnsOf(
      rows.map((row) => [
        `  ${row.address}`,
        row.reason ? `${row.state}(${row.reason})` : row.state,
        printable(row.reply?.text ?? ''),
      ]),
    );
    return (
      detailsText(details, newsletter.timezone, context.io, all ?? false) +
      feedbackText(feedback, domains) +
      (rows.length > 0 ? `\n${list}` : '')
    );
  });
};

/** So many receiving domains are listed; `--json` has the rest. */
const MOST_DOMAINS = 10;

function feedbackText(feedback: IssueFeedback, domains: readonly DomainHealth[]): string {
  const came = cameBackText(feedback);
  if (came === '') return '';
  const rows = domains.flatMap((domain) => {
    const text = cameBackText(domain);
    return text === '' ? [] : [[`  ${printable(domain.domain)}`, `${domain.accepted} accepted`, text]];
  });
  return `Came back: ${came}.\n${columnsOf(rows.slice(0, MOST_DOMAINS))}`;
}

function detailsText(
  { issue, counts, editions, approval, paused }: IssueDetails,
  timezone: string,
  io: Io,
  isAll: boolean,
): string {
  const posts = columnsOf(issue.posts.map(({ section, title }) => [`  ${section}`, printable(title)]));
  const rows = editionRows(
    editions,
    ({ language, htmlBytes, sections }) => [language, `${Math.ceil(htmlBytes / 1000)} kB`, sections.join(', ')],
    { indent: '  ', isAll },
  );
  const when = `${momentText(issue.occurrence, timezone)}${issue.manual ? ', by hand' : ''}`;
  const head = styled(io, 'bold', `${issue.title}, issue ${issue.number}`);
  const answer = approval
    ? `${approval.verdict} by ${printable(approval.by)}, ${momentText(approval.at, timezone)}\n`
    : '';
  return `${head}  ${styled(io, 'dim', when)}\n${answer}${posts}\n${counted(editions.length, 'edition')}\n${rows}\n${sentText(issue, counts, io)}${paused ? `${printable(pauseText(issue, paused))}\n` : ''}`;
}

const verify: Action = async (context, ref) => {
  const { sending, newsletter } = await context.workspaceFor(ref.newsletter);
  const { issue, counts, ok, findings } = await sending.verify(newsletter, ref.number);
  context.print({ ...issueJson(issue, counts, ok), findings }, () => {
    const verdict = ok ? styled(context.io, 'green', 'Every reader is accounted for.') : findings.join('\n');
    return `${sentText(issue, counts, context.io)}${verdict}\n`;
  });
  if (!ok) context.exit(EXIT.needsAPerson);
};

const resume: Action = (context, ref, { wait }) =>
  send(context, wait, async (options) => {
    const { sending, newsletter } = await context.workspaceFor(ref.newsletter);
    return sending.resume(newsletter, ref.number, options);
  });

const resend: Action = (context, ref, { wait, only }) =>
  send(context, wait, async (options) => {
    const { sending, newsletter } = await context.workspaceFor(ref.newsletter);
    return sending.resend(newsletter, ref.number, only ?? 'unknown', options);
  });

async function send(
  context: CommandContext,
  wait: boolean | undefined,
  start: (options: SendOptions) => Promise<SendReport>,
): Promise<void> {
  const progress = openProgress(context.io, context.isJson());
  const report = await start({ signal: context.io.signal, onProgress: progress.update, ...(wait && { wait }) });
  progress.end();
  reportSent(context, report);
}

const returnRefused: Action = async (context, ref, { refused }) => {
  const { sending, newsletter } = await context.workspaceFor(ref.newsletter);
  const which = refused === undefined ? 'paused-for' : refused === 'all' ? 'all' : { words: refused };
  const { issue, deliveries, suppressions } = await sending.returnRefused(newsletter, ref.number, which);
  context.print(
    { newsletter: issue.newsletter, issue: issue.number, state: issue.state, deliveries, suppressions },
    () =>
      `${counted(deliveries, 'reader')} of issue ${issue.number} planned again, ${counted(suppressions, 'suppression')} lifted. ${issueCommand('resume', issue)} sends to them.\n`,
  );
  if (deliveries === 0) context.exit(EXIT.nothingToDo);
};

const pause: Action = async (context, ref) => {
  const { sending, newsletter } = await context.workspaceFor(ref.newsletter);
  const issue = await sending.pause(newsletter, ref.number);
  context.print(
    { issue: issue.number, state: issue.state },
    () => `Issue ${issue.number} is paused; ${issueCommand('resume', issue)} continues sending.\n`,
  );
};

const cancel: Action = async (context, ref, { yes }) => {
  if (!yes) {
    refuseUnaskable(context, 'cancel');
    if (!(await isConfirmed(context, `Cancel issue ${ref.number}?`))) return context.exit(EXIT.nothingToDo);
  }
  const { issues, newsletter } = await context.workspaceFor(ref.newsletter);
  const { issue, skipped, released } = await issues.cancel(newsletter, ref.number);
  const after = released
    ? 'The next issue carries its posts.'
    : 'Some readers already have it, so its posts are not carried again.';
  context.print(
    { issue: issue.number, state: issue.state, skipped, released },
    () => `Issue ${issue.number} is cancelled for ${counted(skipped, 'reader')}. ${after}\n`,
  );
};
