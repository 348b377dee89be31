/** Questions about issues that are being sent, or were sent last, which only a person can settle (rule: open-questions). */
import { openCount } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { SendingQuestion } from '../domain/open-question.js';
import type { Processes } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { PauseReasons } from './pause-reason.js';

export interface SendingQuestionsDeps {
  readonly newsletters: ReadonlyMap<string, Pick<Newsletter, 'id'>>;
  readonly ledger: Pick<
    Ledger,
    'unfinishedIssues' | 'history' | 'issue' | 'counts' | 'unknownCount' | 'owners' | 'nextDue' | 'acceptedSince'
  >;
  readonly pauseReasons: Pick<PauseReasons, 'read'>;
  readonly processes: Pick<Processes, 'stateOf'>;
}

/** A service starts to send at its next tick, and tries again within minutes what failed. */
const GRACE_MS = 5 * 60_000;

export function openSendingQuestions({ newsletters, ledger, pauseReasons, processes }: SendingQuestionsDeps) {
  /** @param newsletter all when absent */
  async function questions(now: Date, newsletter?: string): Promise<readonly SendingQuestion[]> {
    const unfinished = await ledger.unfinishedIssues();
    const asked: SendingQuestion[] = [];
    for (const id of newsletter === undefined ? newsletters.keys() : [newsletter]) {
      const own = unfinished.filter((issue) => issue.newsletter === id);
      for (const issue of own) asked.push(...(await unfinishedQuestions(issue, now)));
      asked.push(...(await unknownOutcomes(id)));
    }
    return asked;
  }

  async function unfinishedQuestions(issue: Issue, now: Date): Promise<readonly SendingQuestion[]> {
    const name = { newsletter: issue.newsletter, issue: issue.number };
    if (issue.state === 'paused') {
      const reason = await pauseReasons.read(issue);
      return [{ kind: 'paused', ...name, ...(reason && { reason }) }];
    }
    const since = new Date(now.getTime() - GRACE_MS);
    if (issue.frozenAt > since || (await isHeld(issue)) || (await ledger.acceptedSince(issue.id, since)) > 0) return [];
    const counts = await ledger.counts(issue.id);
    const isWaiting = openCount(counts) === counts.deferred && !isBefore(await ledger.nextDue(issue.id), since);
    return isWaiting ? [] : [{ kind: 'not-being-sent', ...name, deliveries: openCount(counts) }];
  }

  /** Whether a process that may be alive holds deliveries. */
  async function isHeld(issue: Issue): Promise<boolean> {
    return (await ledger.owners(issue.id)).some((owner) => processes.stateOf(owner) !== 'dead');
  }

  /** Of the latest issue: an earlier one has been overtaken, and sending it again would not help its readers. */
  async function unknownOutcomes(newsletter: string): Promise<readonly SendingQuestion[]> {
    const { lastNumber } = await ledger.history(newsletter);
    const issue = await ledger.issue(newsletter, lastNumber);
    const deliveries = issue ? await ledger.unknownCount(issue.id) : 0;
    return deliveries === 0 ? [] : [{ kind: 'unknown-outcomes', newsletter, issue: lastNumber, deliveries }];
  }

  return { questions };
}

function isBefore(moment: Date | undefined, other: Date): boolean {
  return moment !== undefined && moment < other;
}
