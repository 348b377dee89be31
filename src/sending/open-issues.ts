/** Which issues a running server has to go on with. */

import type { AppContext } from '../app-context.js';
import type { Issue } from '../domain/issue.js';

/** Issues with a delivery that is due, or that only want to be closed; not those that wait for a later try. */
export async function issuesToSend(deps: AppContext): Promise<readonly Issue[]> {
  const { ledger } = deps.store;
  const now = deps.clock.now();
  const due: Issue[] = [];
  for (const issue of await ledger.openIssues()) {
    if (!deps.newsletters.has(issue.newsletter)) continue;
    const { planned, deferred } = await ledger.counts(issue.id);
    const nextDue = planned === deferred ? await ledger.nextDue(issue.id) : undefined;
    if (planned === 0 || planned > deferred || (nextDue && nextDue <= now)) due.push(issue);
  }
  return due;
}
