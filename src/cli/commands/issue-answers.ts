/** `gazette issue approve`, `veto`, `withdraw` and `approval`: a person's word on the issue that waits, or else on the next. */
import { type Command, Option } from 'commander';
import type { ApprovalReport, ApprovalStatus } from '../../approval/answer.js';
import type { CommandContext } from '../context.js';
import { counted, printable } from '../io.js';
import { withNewsletterOption } from '../options.js';

interface AnswerOptions {
  readonly newsletter?: string;
  readonly as?: string;
}

export function defineAnswers(command: Command, context: CommandContext): void {
  const verb = (name: string, summary: string) =>
    withNewsletterOption(command.command(name).description(summary)).addOption(new Option('--json').hideHelp());
  const spoken = (name: string, summary: string) =>
    verb(name, summary).option('--as <name>', 'who says it; the system user when absent');
  const by = ({ as }: AnswerOptions) => as?.trim() || context.io.person;
  const answer = (name: string, summary: string, verdict: 'approved' | 'vetoed') =>
    spoken(name, summary).action(async (options: AnswerOptions) => {
      const flows = await context.flows();
      context.print(await flows.answerNext(options.newsletter, { verdict, by: by(options) }), answerText);
    });
  answer('approve', 'say yes to the issue that waits, or else to the next one', 'approved');
  answer('veto', 'say no to it: its posts come again', 'vetoed');
  spoken('withdraw', 'take that word back; a yes until its first message has left').action(
    async (options: AnswerOptions) => {
      const report = await (await context.flows()).withdrawAnswer(options.newsletter, by(options));
      context.print(report, ({ verdict, occurrence, cancelled }) =>
        cancelled === undefined
          ? `The issue of ${occurrence.toISOString()} is not ${verdict} any more.\n`
          : `Issue ${cancelled} is cancelled before its first message. Its posts come again in the next issue.\n`,
      );
    },
  );
  verb('approval', 'show who said what on it, and whether that still stands').action(
    async ({ newsletter }: AnswerOptions) => {
      context.print(await (await context.flows()).approval(newsletter), statusText);
    },
  );
}

function answerText({ verdict, by, occurrence, posts }: ApprovalReport): string {
  const when = occurrence.toISOString();
  return verdict === 'approved'
    ? `Approved by ${printable(by)}: it leaves at ${when} with ${counted(posts.length, 'post')}. An edit takes the yes back.\n`
    : `Vetoed by ${printable(by)}: nothing leaves at ${when}.\n`;
}

function statusText({ newsletter, occurrence, state, by, at, changed, posts }: ApprovalStatus): string {
  const said = at ? ` since ${at.toISOString()}${by === undefined ? '' : `, by ${printable(by)}`}` : '';
  const lines = [
    `${newsletter}, ${occurrence.toISOString()}: ${state}${said}`,
    ...changed.map(({ text }) => `  ${printable(text)}`),
    counted(posts.length, 'post'),
    ...posts.map((title) => `  ${printable(title)}`),
  ];
  return `${lines.join('\n')}\n`;
}
