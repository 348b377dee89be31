/** What a command that sends reports at its end, and its exit status (rule: exit-codes). */
import { type DeliveryCounts, needsPersonCount } from '../domain/delivery.js';
import { type Issue, issueCommand } from '../domain/issue.js';
import { pauseText } from '../domain/pause-reason.js';
import type { SendReport } from '../sending/run.js';
import type { CommandContext } from './context.js';
import { EXIT } from './exit-codes.js';
import { counted, type Io, printable, styled } from './io.js';

/** An issue with its counts, as `send` and `issue …` print them with `--json`. */
export function issueJson(issue: Issue, counts: DeliveryCounts, ok: boolean) {
  const { planned, all, ...rest } = counts;
  return {
    newsletter: issue.newsletter,
    issue: issue.number,
    state: issue.state,
    ok,
    planned: all,
    pending: planned,
    ...rest,
  };
}

/** Prints the report; the status is 4 where something is left that needs a person. */
export function reportSent(context: CommandContext, { issue, counts, stopped }: SendReport): void {
  // Planned deliveries that wait for no later try need a person.
  const areAllTried = counts.planned === counts.deferred;
  const isOk = !stopped && needsPersonCount(counts) === 0 && areAllTried && issue.state !== 'paused';
  const json = { ...issueJson(issue, counts, isOk), ...(stopped && { stopped }) };
  context.print(json, () => sentText(issue, counts, context.io) + stoppedText(stopped, issue, context.io));
  if (!isOk) context.exit(EXIT.needsAPerson);
}

/** `Issue 7 of “weekly”, done: 20 accepted, 1 rejected.`, and what to do about the rest. */
export function sentText(issue: Issue, counts: DeliveryCounts, io: Io): string {
  const parts = [
    styled(io, 'green', `${counts.accepted.toLocaleString('en')} accepted`),
    ...(counts.bounced > 0 ? [styled(io, 'yellow', `${counts.bounced.toLocaleString('en')} came back`)] : []),
    ...(counts.rejected > 0 ? [styled(io, 'red', `${counts.rejected} rejected`)] : []),
    ...(counts.unknown > 0 ? [styled(io, 'yellow', `${counts.unknown} unknown`)] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped (${skippedText(counts)})`] : []),
  ];
  const lines = [`Issue ${issue.number} of “${issue.newsletter}”, ${issue.state}: ${parts.join(', ')}.`];
  const resume = issueCommand('resume', issue);
  // The service does not continue a paused issue.
  const finishers = issue.state === 'paused' ? resume : `${resume} or \`gazette serve\``;
  if (counts.deferred > 0) lines.push(`${counts.deferred} deferred; ${finishers} tries them again.`);
  const rest = counts.planned - counts.deferred;
  if (rest > 0) lines.push(`${counted(rest, 'reader')} not tried yet: ${resume} continues.`);
  if (counts.unknown > 0) lines.push(`The outcome of ${counts.unknown} is unknown${resendText(issue)}.`);
  return `${lines.join('\n')}\n`;
}

/** Nothing of a cancelled issue is sent again. */
function resendText(issue: Issue): string {
  if (issue.state === 'cancelled') return '';
  return `: ${issueCommand('resend', issue, '--only unknown')} sends them once more`;
}

function skippedText({ skippedBy }: DeliveryCounts): string {
  return Object.entries(skippedBy)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}

function stoppedText(stopped: SendReport['stopped'], issue: Issue, io: Io): string {
  if (!stopped) return '';
  const head = styled(io, 'red', 'Stopped');
  const next = `No reader was skipped; ${issueCommand('resume', issue)} continues.`;
  switch (stopped.kind) {
    case 'cancelled':
      return `${head}: the issue was cancelled. Readers who had not got it yet were skipped.\n`;
    case 'paused':
      return `${head}: the issue was paused. ${next}\n`;
    case 'fault':
      if (stopped.paused) {
        const why = printable(pauseText(issue, stopped.paused));
        return `${styled(io, 'red', 'Paused')} (${stopped.scope}). ${why}\n`;
      }
      return `${head} (${stopped.scope}: ${printable(stopped.text)}). ${next}\n`;
    default:
      return `${head} (${stopped.kind}). ${next}\n`;
  }
}
