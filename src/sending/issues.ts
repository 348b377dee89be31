/** Past and running issues: lists them, shows one with its deliveries, and verifies it. */
import { type DeliveryCounts, isSumRight, openCount } from '../domain/delivery.js';
import { type Issue, issueCommand, type SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { PauseReason } from '../domain/pause-reason.js';
import type { DeliveryRow } from '../domain/ports/deliveries.js';
import type { EditionSummary, Ledger } from '../domain/ports/ledger.js';
import type { ApprovalRecords, GivenAnswer } from '../issue/approval-record.js';
import { issueNumbered } from '../issue/cancel.js';
import type { PauseReasons } from './pause-reason.js';

export interface IssueLine {
  readonly issue: Issue;
  readonly counts: DeliveryCounts;
}

export interface IssueDetails extends IssueLine {
  readonly editions: readonly EditionSummary[];
  /** Absent where no person was asked. */
  readonly approval?: GivenAnswer;
  /** Why the program paused it. */
  readonly paused?: PauseReason;
}

export interface Verification extends IssueLine {
  /** The sum is right, and every delivery has a final state that is known. */
  readonly ok: boolean;
  /** What is wrong or unfinished, for people. */
  readonly findings: readonly string[];
}

export interface IssueReportsDeps {
  readonly ledger: Pick<Ledger, 'issues' | 'issue' | 'counts' | 'skips' | 'editions' | 'deliveries'>;
  readonly approvals: Pick<ApprovalRecords, 'answerGivenOn'>;
  readonly pauseReasons: Pick<PauseReasons, 'read'>;
}

export function openIssueReports({ ledger, approvals, pauseReasons }: IssueReportsDeps) {
  /** Newest first. @param newsletter absent: of all newsletters */
  async function list(newsletter?: Newsletter): Promise<readonly IssueLine[]> {
    const issues = await ledger.issues(newsletter?.id);
    const lines: IssueLine[] = [];
    for (const issue of [...issues].reverse()) lines.push({ issue, counts: await ledger.counts(issue.id) });
    return lines;
  }

  /** Occurrences that made no issue, oldest first. */
  function skips({ id }: Newsletter): Promise<readonly SkippedOccurrence[]> {
    return ledger.skips(id);
  }

  /** Throws `issue.missing`, as all below. */
  async function show(newsletter: Newsletter, number: number): Promise<IssueDetails> {
    const issue = await issueNumbered(ledger, newsletter, number);
    const approval = await approvals.answerGivenOn(newsletter, issue.occurrence);
    const paused = await pauseReasons.read(issue);
    return {
      issue,
      counts: await ledger.counts(issue.id),
      editions: await ledger.editions(issue.id),
      ...(approval && { approval }),
      ...(paused && { paused }),
    };
  }

  /** Every reader of an issue with the state of their delivery. */
  async function deliveries(newsletter: Newsletter, number: number): Promise<AsyncIterable<DeliveryRow>> {
    const { id } = await issueNumbered(ledger, newsletter, number);
    return ledger.deliveries(id);
  }

  /** Checks that every planned reader has exactly one state (rule: sum), and that all states are final and known. */
  async function verify(newsletter: Newsletter, number: number): Promise<Verification> {
    const issue = await issueNumbered(ledger, newsletter, number);
    const counts = await ledger.counts(issue.id);
    const findings: string[] = [];
    if (!isSumRight(counts)) findings.push(`The states do not add up to the ${counts.all} readers of the issue.`);
    if (counts.unknown > 0) findings.push(unknownText(issue, counts.unknown));
    const open = openCount(counts);
    if (open > 0) findings.push(`${open} not sent yet: ${issueCommand('resume', issue)} continues sending.`);
    return { issue, counts, ok: findings.length === 0, findings };
  }

  return { list, skips, show, deliveries, verify };
}

function unknownText(issue: Issue, count: number): string {
  // Nothing of a cancelled issue is sent again.
  if (issue.state === 'cancelled') return `${count} with an unknown outcome.`;
  return `${count} with an unknown outcome: ${issueCommand('resend', issue, '--only unknown')} sends them once more.`;
}
