/** Finds an issue by its number, and cancels it. */
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';

export interface CancelReport {
  readonly issue: Issue;
  readonly skipped: number;
  /** Nothing had been sent: its posts are carried over. */
  readonly released: boolean;
}

export interface CancelDeps {
  readonly ledger: Pick<Ledger, 'issue' | 'cancel'>;
  readonly log: Log;
}

/** Throws `issue.missing`, and `issue.state` for an issue that is done or cancelled. */
export async function cancelIssue(
  { ledger, log }: CancelDeps,
  newsletter: Newsletter,
  number: number,
  now: Date,
): Promise<CancelReport> {
  const issue = await issueNumbered(ledger, newsletter, number);
  if (issue.state === 'done' || issue.state === 'cancelled') throw wrongState(issue, `it is ${issue.state}`);
  const report = await ledger.cancel(issue.id, now);
  log.info('issue.cancelled', { newsletter: newsletter.id, issue: number, ...report });
  return { issue: { ...issue, state: 'cancelled', released: report.released }, ...report };
}

/** Throws `issue.missing`. */
export async function issueNumbered(
  ledger: Pick<Ledger, 'issue'>,
  newsletter: Newsletter,
  number: number,
): Promise<Issue> {
  const issue = await ledger.issue(newsletter.id, number);
  if (issue) return issue;
  throw new GazetteError('issue.missing', `“${newsletter.id}” has no issue ${number}.`);
}

export function wrongState(issue: Issue, why: string): GazetteError {
  return new GazetteError('issue.state', `Issue ${issue.number} of “${issue.newsletter}” cannot do that: ${why}.`);
}
