/** What a person asks of past and running issues: show, verify, resume, resend, pause, cancel. */
import { type DeliveryCounts, isSumRight } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import { type Issue, issueCommand, type SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { DeliveryRow, EditionSummary } from '../domain/ports.js';
import { type Spoken, spokenOn } from './approval-record.js';
import type { House } from './house.js';
import { forgetPauseReason, type PauseReason, pauseReasonOf } from './pause-reason.js';
import { refuseCopy } from './refuse-copy.js';
import { type ReturnReport, releaseHeldBack, returnRefused, type WhichRefusals } from './return-refused.js';
import { refuseUnready } from './send-issue.js';
import { type SendOptions, type SendReport, sendPlanned } from './send-planned.js';

export interface IssueLine {
  readonly issue: Issue;
  readonly counts: DeliveryCounts;
}

/** Newest first. */
export async function listIssues(house: House, newsletter?: Newsletter): Promise<readonly IssueLine[]> {
  const issues = await house.store.ledger.issues(newsletter?.id);
  const lines: IssueLine[] = [];
  for (const issue of [...issues].reverse()) lines.push({ issue, counts: await house.store.ledger.counts(issue.id) });
  return lines;
}

export async function listSkips(house: House, newsletter: Newsletter): Promise<readonly SkippedOccurrence[]> {
  return house.store.ledger.skips(newsletter.id);
}

export interface IssueDetails extends IssueLine {
  readonly editions: readonly EditionSummary[];
  /** Who let it go, where somebody was asked. */
  readonly approval?: Spoken;
  /** Why the program paused it. */
  readonly paused?: PauseReason;
}

export async function showIssue(house: House, newsletter: Newsletter, number: number): Promise<IssueDetails> {
  const issue = await issueNumbered(house, newsletter, number);
  const { ledger } = house.store;
  const approval = await spokenOn(house, newsletter, issue.occurrence);
  const paused = await pauseReasonOf(house, issue);
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
  house: House,
  newsletter: Newsletter,
  number: number,
): Promise<AsyncIterable<DeliveryRow>> {
  const issue = await issueNumbered(house, newsletter, number);
  return house.store.ledger.deliveries(issue.id);
}

export interface Verification extends IssueLine {
  /** The sum holds and nothing is in doubt or on its way. */
  readonly ok: boolean;
  /** What stands against it, for people. */
  readonly findings: readonly string[];
}

/** Proves an issue: every reader planned stands in exactly one state (laws §4.3). */
export async function verifyIssue(house: House, newsletter: Newsletter, number: number): Promise<Verification> {
  const issue = await issueNumbered(house, newsletter, number);
  const counts = await house.store.ledger.counts(issue.id);
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
  house: House,
  newsletter: Newsletter,
  number: number,
  options: SendOptions,
): Promise<SendReport> {
  refuseUnready(house, newsletter);
  const issue = await issueNumbered(house, newsletter, number);
  if (issue.state === 'cancelled') throw wrongState(issue, 'it was cancelled');
  await refuseCopy(house);
  await releaseHeldBack(house, issue);
  await forgetPauseReason(house, issue);
  await house.store.ledger.setState(issue.id, ['paused'], 'sending');
  return sendPlanned(house, issue, options);
}

/** Goes on with an issue that is being sent, on nobody’s word: somebody who pauses or cancels it meanwhile is heeded. */
export async function goOnSending(
  house: House,
  newsletter: Newsletter,
  number: number,
  options: SendOptions,
): Promise<SendReport> {
  refuseUnready(house, newsletter);
  return sendPlanned(house, await issueNumbered(house, newsletter, number), options);
}

/** A person's word on rows that nobody will try again by themselves; sends them at once. */
export async function resendIssue(
  house: House,
  newsletter: Newsletter,
  number: number,
  only: 'rejected' | 'unknown',
  options: SendOptions,
): Promise<SendReport> {
  refuseUnready(house, newsletter);
  const issue = await issueNumbered(house, newsletter, number);
  const { ledger } = house.store;
  await refuseCopy(house);
  await ledger.resend(issue.id, only, house.clock.now());
  await forgetPauseReason(house, issue);
  await ledger.setState(issue.id, ['done', 'paused'], 'sending');
  return sendPlanned(house, issue, options);
}

/** Gives readers who were refused for no fault of theirs their turn again; sends nothing. */
export async function returnIssue(
  house: House,
  newsletter: Newsletter,
  number: number,
  which: WhichRefusals,
): Promise<ReturnReport> {
  await refuseCopy(house);
  return returnRefused(house, await issueNumbered(house, newsletter, number), which);
}

export async function pauseIssue(house: House, newsletter: Newsletter, number: number): Promise<Issue> {
  const issue = await issueNumbered(house, newsletter, number);
  if (await house.store.ledger.setState(issue.id, ['frozen', 'sending'], 'paused'))
    return { ...issue, state: 'paused' };
  throw wrongState(issue, `it is ${issue.state}`);
}

export interface CancelReport {
  readonly issue: Issue;
  readonly skipped: number;
  /** Nothing had gone out: its posts come again. */
  readonly released: boolean;
}

export async function cancelIssue(house: House, newsletter: Newsletter, number: number): Promise<CancelReport> {
  const issue = await issueNumbered(house, newsletter, number);
  if (issue.state === 'done' || issue.state === 'cancelled') throw wrongState(issue, `it is ${issue.state}`);
  const report = await house.store.ledger.cancel(issue.id, house.clock.now());
  house.log.info('issue.cancelled', { newsletter: newsletter.id, issue: number, ...report });
  return { issue: { ...issue, state: 'cancelled', released: report.released }, ...report };
}

async function issueNumbered(house: House, newsletter: Newsletter, number: number): Promise<Issue> {
  const issue = await house.store.ledger.issue(newsletter.id, number);
  if (issue) return issue;
  throw new GazetteError('issue.missing', `“${newsletter.id}” has no issue ${number}.`);
}

function wrongState(issue: Issue, why: string): GazetteError {
  return new GazetteError('issue.state', `Issue ${issue.number} of “${issue.newsletter}” cannot do that: ${why}.`);
}
