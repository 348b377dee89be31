/** What a process left behind that is gone: its claims are planned again, and what it had begun is in doubt (rule: states). */

import type { AppContext } from '../app-context.js';
import type { Issue } from '../domain/issue.js';

/**
 * Frees what dead owners hold: at once on this host, elsewhere when their leases have ended (rule: owner).
 * @returns how many deliveries it moved; 0 when nobody has died and nothing is in doubt
 */
export async function reclaim(deps: AppContext, issue: Issue): Promise<number> {
  const { ledger } = deps.store;
  const now = deps.clock.now();
  let moved = 0;
  const late = new Set(await ledger.owners(issue.id, now));
  for (const owner of await ledger.owners(issue.id)) {
    const fate = deps.processes.fateOf(owner);
    if (fate === 'alive' || (fate === 'elsewhere' && !late.has(owner))) continue;
    const { freed, inDoubt } = await ledger.reclaim(issue.id, owner, now);
    moved += freed + inDoubt;
    deps.log.warn('lease.taken-over', { issue: issue.number, owner, freed, inDoubt });
  }
  return moved + (await ledger.retryUnknown(issue.id, now));
}
