/** `gazette issue approve`, `veto`, `withdraw` and `approval`: a person's answer to the issue that waits, or else to the next one. */
import type { Command } from 'commander';
import type { ApprovalReport, ApprovalStatus } from '../../approval/answer.js';
import { momentText } from '../../domain/moment-text.js';
import type { CommandContext } from '../context.js';
import { counted, printable } from '../io.js';
import { hiddenJson, withNewsletterOption } from '../options.js';

interface AnswerOptions {
  readonly newsletter?: string;
  readonly as?: string;
}

export function defineAnswers(command: Command, context: CommandContext): void {
  const verb = (name: string, summary: string) =>
    withNewsletterOption(command.command(name).description(summary)).addOption(hiddenJson());
  const signed = (name: string, summary: string) =>
    verb(name, summary).option('--as <name>', 'who answers; by default the system user');
  const by = ({ as }: AnswerOptions) => as?.trim() || context.io.person;
  const answer = (name: string, summary: string, verdict: 'approved' | 'vetoed') =>
    signed(name, summary).action(async (options: AnswerOptions) => {
      const { approval, newsletter } = await context.workspaceFor(options.newsletter);
      const report = await approval.answer(newsletter, { verdict, by: by(options) });
      context.print(report, () => answerText(report, newsletter.timezone));
    });
  answer('approve', 'approve the issue that waits, or else the next one', 'approved');
  answer('veto', 'stop that issue; its posts are carried over to the next one', 'vetoed');
  signed('withdraw', 'withdraw that answer; an approval can be withdrawn until the first mail is sent').action(
    async (options: AnswerOptions) => {
      const { approval, newsletter } = await context.workspaceFor(options.newsletter);
      const { timezone } = newsletter;
      const report = await approval.withdraw(newsletter, by(options));
      context.print(report, ({ verdict, occurrence, cancelled }) =>
        cancelled === undefined
          ? `The issue of ${momentText(occurrence, timezone)} is no longer ${verdict}.\n`
          : `Issue ${cancelled} is cancelled; none of its mails was sent. Its posts are carried over to the next issue.\n`,
      );
    },
  );
  verb('approval', 'show who approved or vetoed it, and what was changed since').action(
    async (options: AnswerOptions) => {
      const { approval, newsletter } = await context.workspaceFor(options.newsletter);
      const status = await approval.read(newsletter);
      context.print(status, () => statusText(status, newsletter.timezone));
    },
  );
}

function answerText({ verdict, by, occurrence, posts }: ApprovalReport, timezone: string): string {
  const when = momentText(occurrence, timezone);
  return verdict === 'approved'
    ? `Approved by ${printable(by)}: it is sent at ${when} with ${counted(posts.length, 'post')}. An edit voids the approval.\n`
    : `Vetoed by ${printable(by)}: nothing is sent at ${when}.\n`;
}

function statusText(
  { newsletter, occurrence, state, by, at, changed, posts }: ApprovalStatus,
  timezone: string,
): string {
  const answer = at ? ` since ${momentText(at, timezone)}${by === undefined ? '' : `, by ${printable(by)}`}` : '';
  const lines = [
    `${newsletter}, ${momentText(occurrence, timezone)}: ${state}${answer}`,
    ...changed.map(({ text }) => `  ${printable(text)}`),
    counted(posts.length, 'post'),
    ...posts.map((title) => `  ${printable(title)}`),
  ];
  return `${lines.join('\n')}\n`;
}
