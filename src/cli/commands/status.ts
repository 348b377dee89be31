/** `gazette status`: what comes next, what is being sent, what is wrong. */
import type { Command } from 'commander';
import { momentText } from '../../domain/moment-text.js';
import { questionText } from '../../domain/open-question.js';
import { serverLimitsText } from '../../domain/server-limits.js';
import type { NewsletterStatus, SourceStatus, Status } from '../../operate/status.js';
import { cameBackText } from '../came-back-text.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { columnsOf, counted, type Io, printable, styled } from '../io.js';
import { withExamples } from '../options.js';
import { durationText } from '../progress.js';

export function define(command: Command, context: CommandContext): void {
  command.action(async () => {
    const { operate } = await context.workspace();
    const status = await operate.status();
    const questions = status.questions.map((question) => ({ ...question, text: questionText(question) }));
    context.print({ ...status, questions }, () => statusText(status, context.io));
    if (questions.length > 0) context.exit(EXIT.needsAPerson);
  });
  withExamples(command, 'status', 'status --json');
}

/** So many receiving domains are listed; `--json` has the rest. */
const MOST_DOMAINS = 10;

function statusText(status: Status, io: Io): string {
  const { newsletters, issues, sources, serverLimits, now, oldestUnsent, acceptedPerSecond, secondsLeft } = status;
  const { missingForSending, feedback } = status;
  const parts = [questionsText(status, io), newsletters.map((each) => newsletterText(each, now, io)).join('')];
  if (issues.length > 0) {
    const rows = issues.map(({ newsletter, issue, state, counts }) => [
      `  ${newsletter} ${issue}`,
      state,
      `${counts.accepted.toLocaleString('en')} of ${counts.all.toLocaleString('en')} accepted`,
      ...(counts.deferred > 0 ? [`${counts.deferred} deferred`] : []),
      ...(counts.unknown > 0 ? [styled(io, 'yellow', `${counts.unknown} unknown`)] : []),
    ]);
    const waits = oldestUnsent ? `, unsent for ${since(oldestUnsent, now)}` : '';
    const rate = acceptedPerSecond > 0 ? `, ${rateText(acceptedPerSecond)}` : '';
    const left = secondsLeft === undefined ? '' : `, about ${durationText(secondsLeft * 1000)} left`;
    parts.push(`Not done yet${waits}${rate}${left}\n${columnsOf(rows)}`);
  }
  if (feedback.domains.length > 0) {
    const rows = feedback.domains
      .slice(0, MOST_DOMAINS)
      .map((each) => [`  ${printable(each.domain)}`, cameBackText(each)]);
    const { forged, untied } = feedback.ties;
    const others = forged + untied > 0 ? `; ${counted(untied, 'report')} tied to no delivery, ${forged} forged` : '';
    parts.push(`Came back in 30 days${others}\n${columnsOf(rows)}`);
  }
  if (serverLimits.length > 0) {
    const rows = serverLimits.map((limits) => [`  ${printable(limits.server)}`, serverLimitsText(limits)]);
    parts.push(`What the mail server allows, as far as was learned\n${columnsOf(rows)}`);
  }
  parts.push(`Sources\n${columnsOf(sources.map((source) => sourceRow(source, now, io)))}`);
  if (missingForSending.length > 0)
    parts.push(`${styled(io, 'yellow', 'Before a real send')}: ${missingForSending.join('; ')}.\n`);
  return parts.filter((part) => part !== '').join('\n');
}

function questionsText({ questions }: Status, io: Io): string {
  if (questions.length === 0) return '';
  const lines = questions.map((question) => `  ${printable(questionText(question))}\n`).join('');
  return `${styled(io, 'red', 'Needs a person')}\n${lines}`;
}

function newsletterText(status: NewsletterStatus, now: Date, io: Io): string {
  const { id, timezone, schedule, next, posts, waiting, approval, lastIssue, passed } = status;
  const when = (moment: Date) => momentText(moment, timezone);
  const soon = `next: ${when(next)}, in ${since(now, next)}`;
  const lines = [`${styled(io, 'bold', id)}: ${schedule}; ${soon}, ${counted(posts, 'post')} so far`];
  if (waiting) lines.push(`  ${styled(io, 'yellow', `the issue of ${when(waiting)} is due and waits`)}`);
  if (approval) lines.push(`  ${approvalText(approval, when)}`);
  if (lastIssue) lines.push(`  last: issue ${lastIssue.number} of ${when(lastIssue.occurrence)}, ${lastIssue.state}`);
  if (passed) lines.push(`  ${when(passed.occurrence)} made no issue: ${passed.outcome}`);
  return `${lines.join('\n')}\n`;
}

function approvalText(
  { occurrence, state, by, at, changed }: NonNullable<NewsletterStatus['approval']>,
  momentOf: (moment: Date) => string,
): string {
  const when = momentOf(occurrence);
  if (state === 'open') return `the issue of ${when} is not approved yet`;
  const answer = `${by === undefined ? '' : ` by ${printable(by)}`}${at ? ` at ${momentOf(at)}` : ''}`;
  if (state !== 'void') return `the issue of ${when} was ${state}${answer}`;
  return `the issue of ${when} was changed after it was approved or announced${answer}: ${printable(changes(changed))}`;
}

function changes(changed: readonly { readonly text: string }[]): string {
  return changed.map(({ text }) => text).join('; ');
}

function rateText(perSecond: number): string {
  return perSecond < 10 ? `${perSecond.toFixed(1)} a second` : `${Math.round(perSecond).toLocaleString('en')} a second`;
}

function sourceRow(
  { name, collectedAt, failures, reason, nextAt }: SourceStatus,
  now: Date,
  io: Io,
): readonly string[] {
  const age = collectedAt ? `read ${since(collectedAt, now)} ago` : 'never read';
  if (failures === 0) return [`  ${name}`, age];
  const next = nextAt ? `, read again in ${since(now, nextAt)}` : '';
  return [
    `  ${name}`,
    age,
    styled(io, 'red', `failed ${counted(failures, 'time')}${next}: ${printable(reason ?? '')}`),
  ];
}

function since(earlier: Date, later: Date): string {
  const ms = Math.max(0, later.getTime() - earlier.getTime());
  const hours = Math.round(ms / 3_600_000);
  return hours < 48 ? durationText(ms) : `${Math.round(hours / 24)} days`;
}
