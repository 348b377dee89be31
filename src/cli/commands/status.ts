/** `gazette status`: what comes next, what is being sent, what is wrong. */
import type { Command } from 'commander';
import { pauseText } from '../../domain/pause-reason.js';
import type { NewsletterStatus, SourceStatus, Status } from '../../operate/status.js';
import type { CommandContext } from '../context.js';
import { columnsOf, counted, type Io, printable, styled } from '../io.js';
import { withExamples } from '../options.js';
import { durationText } from '../progress.js';

export function define(command: Command, context: CommandContext): void {
  command.action(async () => {
    const { operate } = await context.workspace();
    context.print(await operate.status(), (status) => statusText(status, context.io));
  });
  withExamples(command, 'status', 'status --json');
}

function statusText(status: Status, io: Io): string {
  const { newsletters, issues, sources, now, oldestUnsent, acceptedPerSecond, secondsLeft, missingForSending } = status;
  const parts = [newsletters.map((each) => newsletterText(each, now, io)).join('')];
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
    const paused = issues.map(({ newsletter, issue, paused }) =>
      paused
        ? `  ${styled(io, 'red', 'Paused')}: ${printable(pauseText({ newsletter, number: issue }, paused))}\n`
        : '',
    );
    parts.push(`Being sent${waits}${rate}${left}\n${columnsOf(rows)}${paused.join('')}`);
  }
  parts.push(
    `Sources\n${columnsOf(sources.map((source) => sourceRow(source, now, io)))}${suspicionsText(sources, io)}`,
  );
  if (missingForSending.length > 0)
    parts.push(`${styled(io, 'yellow', 'Before a real send')}: ${missingForSending.join('; ')}.\n`);
  return parts.join('\n');
}

function newsletterText(status: NewsletterStatus, now: Date, io: Io): string {
  const { id, schedule, next, posts, trouble, waiting, approval, lastIssue, passed } = status;
  const soon = `next: ${minuteOf(next)}, in ${since(now, next)}`;
  const lines = [`${styled(io, 'bold', id)}: ${schedule}; ${soon}, ${counted(posts, 'post')} so far`];
  if (trouble) lines.push(`  ${styled(io, 'red', printable(trouble))}`);
  if (waiting) lines.push(`  ${styled(io, 'yellow', `the issue of ${minuteOf(waiting)} is due and waits`)}`);
  if (approval) lines.push(`  ${approvalText(approval)}`);
  if (lastIssue)
    lines.push(`  last: issue ${lastIssue.number} of ${minuteOf(lastIssue.occurrence)}, ${lastIssue.state}`);
  if (passed) lines.push(`  ${minuteOf(passed.occurrence)} made no issue: ${passed.outcome}`);
  return `${lines.join('\n')}\n`;
}

function approvalText({ occurrence, state, by, at, changed }: NonNullable<NewsletterStatus['approval']>): string {
  const when = minuteOf(occurrence);
  if (state === 'open') return `the issue of ${when} is not approved yet`;
  const answer = `${by === undefined ? '' : ` by ${printable(by)}`}${at ? ` at ${minuteOf(at)}` : ''}`;
  if (state !== 'void') return `the issue of ${when} was ${state}${answer}`;
  return `the issue of ${when} was changed after it was approved or announced${answer}: ${printable(changes(changed))}`;
}

function changes(changed: readonly { readonly text: string }[]): string {
  return changed.map(({ text }) => text).join('; ');
}

function minuteOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 16)}Z`;
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
  const next = nextAt ? `, read again at ${minuteOf(nextAt)}` : '';
  return [
    `  ${name}`,
    age,
    styled(io, 'red', `failed ${counted(failures, 'time')}${next}: ${printable(reason ?? '')}`),
  ];
}

function suspicionsText(sources: readonly SourceStatus[], io: Io): string {
  return sources
    .flatMap(({ name, suspicion }) => (suspicion ? [{ name, ...suspicion }] : []))
    .map(({ name, since: at, missing, of, command }) => {
      const what = `Since ${minuteOf(at)}, ${printable(name)} does not list ${missing} of ${counted(of, 'post')} that could be sent`;
      return `  ${styled(io, 'yellow', what)}\n    they are not sent, and count as withdrawn once two more readings agree; if they are really gone, run: ${printable(command)}\n`;
    })
    .join('');
}

function since(earlier: Date, later: Date): string {
  const ms = Math.max(0, later.getTime() - earlier.getTime());
  const hours = Math.round(ms / 3_600_000);
  return hours < 48 ? durationText(ms) : `${Math.round(hours / 24)} days`;
}
