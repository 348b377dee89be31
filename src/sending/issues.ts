/** What a person asks of past and running issues: show, verify, resume, resend, pause, cancel. */

import type { AppContext } from '../app-context.js';
import { type DeliveryCounts, isSumRight } from '../domain/delivery.js';
import { type Issue, issueCommand, type SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { DeliveryRow, EditionSummary } from '../domain/ports/storage.js';
import type { GivenAnswer } from '../issue/approval-record.js';
import { issueNumbered, wrongState } from '../issue/cancel.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import { refuseUnready } from './by-hand.js';
import { forgetPauseReason, type PauseReason, pauseReasonOf } from './pause-reason.js';
import { type ReturnReport, releaseHeldBack, returnRefused, type WhichRefusals } from './return-refused.js';
import { type SendOptions, type SendReport, sendPlanned } from './run.js';

export interface IssueLine {
  readonly issue: Issue;
  readonly counts: DeliveryCounts;
}

/** Newest first. */
export async function listIssues(deps: AppContext, newsletter?: Newsletter): Promise<readonly IssueLine[]> {
  const issues = await deps.store.ledger.issues(newsletter?.id);
  const lines: IssueLine[] = [];
  for (const issue of [...issues].reverse()) lines.push({ issue, counts: await deps.store.ledger.counts(issue.id) });
  return lines;
}

export async function listSkips(deps: AppContext, newsletter: Newsletter): Promise<readonly SkippedOccurrence[]> {
  return deps.store.ledger.skips(newsletter.id);
}

export interface IssueDetails extends IssueLine {
  readonly editions: readonly EditionSummary[];
  /** Who let it go, where somebody was asked. */
  readonly approval?: GivenAnswer;
  /** Why the program paused it. */
  readonly paused?: PauseReason;
}

export async function showIssue(deps: AppContext, newsletter: Newsletter, number: number): Promise<IssueDetails> {
  const issue = await issueNumbered(deps.store.ledger, newsletter, number);
  const { ledger } = deps.store;
  const approval = await deps.issues.approvals.answerGivenOn(newsletter, issue.occurrence);
  const paused = await pauseReasonOf(deps, issue);
  return {
    issue,
    counts: await ledger.counts(issue.id),
    editions: await ledger.editions(issue.id),
    ...(approval && { approval }),
    ...(paused && { paused }),
  };
}

/** Every reader of an issue, and what became of their copy. */
export async function listDeliveries(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
): Promise<AsyncIterable<DeliveryRow>> {
  const issue = await issueNumbered(deps.store.ledger, newsletter, number);
  return deps.store.ledger.deliveries(issue.id);
}

export interface Verification extends IssueLine {
  /** The sum holds and nothing is in doubt or on its way. */
  readonly ok: boolean;
  /** What stands against it, for people. */
  readonly findings: readonly string[];
}

/** Proves an issue: every reader planned stands in exactly one state (rule: sum). */
export async function verifyIssue(deps: AppContext, newsletter: Newsletter, number: number): Promise<Verification> {
  const issue = await issueNumbered(deps.store.ledger, newsletter, number);
  const counts = await deps.store.ledger.counts(issue.id);
  const findings: string[] = [];
  if (!isSumRight(counts)) findings.push(`The states do not add up to the ${counts.all} readers of the issue.`);
  if (counts.unknown > 0) {
    const resend = `: ${issueCommand('resend', issue, '--only unknown')} sends them once more`;
    findings.push(`${counts.unknown} in doubt${issue.state === 'cancelled' ? '' : resend}.`);
  }
  const waiting = counts.planned + counts.claimed + counts.attempted;
  if (waiting > 0) findings.push(`${waiting} not sent yet: ${issueCommand('resume', issue)} goes on.`);
  return { issue, counts, ok: findings.length === 0, findings };
}

/** A person’s word: a pause is over. */
export async function resumeIssue(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
  options: SendOptions,
): Promise<SendReport> {
  refuseUnready(deps, newsletter);
  const issue = await issueNumbered(deps.store.ledger, newsletter, number);
  if (issue.state === 'cancelled') throw wrongState(issue, 'it was cancelled');
  await refuseCopy(deps.store);
  await releaseHeldBack(deps, issue);
  await forgetPauseReason(deps, issue);
  await deps.store.ledger.setState(issue.id, ['paused'], 'sending');
  return sendPlanned(deps, issue, options);
}

/** Goes on with an issue that is being sent, on nobody’s word: somebody who pauses or cancels it meanwhile is heeded. */
export async function goOnSending(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
  options: SendOptions,
): Promise<SendReport> {
  refuseUnready(deps, newsletter);
  return sendPlanned(deps, await issueNumbered(deps.store.ledger, newsletter, number), options);
}

/** A person's word on rows that nobody will try again by themselves; sends them at once. */
export async function resendIssue(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
  only: 'rejected' | 'unknown',
  options: SendOptions,
): Promise<SendReport> {
  refuseUnready(deps, newsletter);
  const issue = await issueNumbered(deps.store.ledger, newsletter, number);
  const { ledger } = deps.store;
  await refuseCopy(deps.store);
  await ledger.resend(issue.id, only, deps.clock.now());
  await forgetPauseReason(deps, issue);
  await ledger.setState(issue.id, ['done', 'paused'], 'sending');
  return sendPlanned(deps, issue, options);
}

/** Gives readers who were refused for no fault of theirs their turn again; sends nothing. */
export async function returnIssue(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
  which: WhichRefusals,
): Promise<ReturnReport> {
  await refuseCopy(deps.store);
  return returnRefused(deps, await issueNumbered(deps.store.ledger, newsletter, number), which);
}

export async function pauseIssue(deps: AppContext, newsletter: Newsletter, number: number): Promise<Issue> {
  const issue = await issueNumbered(deps.store.ledger, newsletter, number);
  if (await deps.store.ledger.setState(issue.id, ['frozen', 'sending'], 'paused')) return { ...issue, state: 'paused' };
  throw wrongState(issue, `it is ${issue.state}`);
}
