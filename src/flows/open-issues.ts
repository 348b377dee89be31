/** Which issues a running server has to go on with. */
import type { Issue } from '../domain/issue.js';
import type { House } from './house.js';

/** Issues with a delivery that is due, or that only want to be closed; not those that wait for a later try. */
export async function issuesToSend(house: House): Promise<readonly Issue[]> {
  const { ledger } = house.store;
  const now = house.clock.now();
  const due: Issue[] = [];
  for (const issue of await ledger.openIssues()) {
    if (!house.newsletters.has(issue.newsletter)) continue;
    const { planned, deferred } = await ledger.counts(issue.id);
    const nextDue = planned === deferred ? await ledger.nextDue(issue.id) : undefined;
    if (planned === 0 || planned > deferred || (nextDue && nextDue <= now)) due.push(issue);
  }
  return due;
}
