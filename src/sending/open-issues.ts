/** Which issues a running service continues to send. */
import type { Issue } from '../domain/issue.js';
import type { Ledger } from '../domain/ports/ledger.js';

export interface IssuesToSendDeps {
  readonly newsletters: { has(id: string): boolean };
  readonly ledger: Pick<Ledger, 'openIssues' | 'counts' | 'nextDue'>;
}

export function openIssuesToSend({ newsletters, ledger }: IssuesToSendDeps) {
  /** Issues with a delivery that is due, or with nothing left but to be marked done; not those that wait for a later try. */
  return async function issuesToSend(now: Date): Promise<readonly Issue[]> {
    const due: Issue[] = [];
    for (const issue of await ledger.openIssues()) {
      if (!newsletters.has(issue.newsletter)) continue;
      const { planned, deferred } = await ledger.counts(issue.id);
      const nextDue = planned === deferred ? await ledger.nextDue(issue.id) : undefined;
      if (planned === 0 || planned > deferred || (nextDue && nextDue <= now)) due.push(issue);
    }
    return due;
  };
}
