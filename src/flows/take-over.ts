/** What a process left behind that is gone: its claims are planned again, and what it had begun is in doubt (laws §4.2). */
import type { Issue } from '../domain/issue.js';
import type { House } from './house.js';

/**
 * Frees what dead owners hold: at once on this host, elsewhere when their leases have ended (laws §4.5).
 * @returns how many deliveries it moved; 0 when nobody has died and nothing is in doubt
 */
export async function takeOver(house: House, issue: Issue): Promise<number> {
  const { ledger } = house.store;
  const now = house.clock.now();
  let moved = 0;
  const late = new Set(await ledger.owners(issue.id, now));
  for (const owner of await ledger.owners(issue.id)) {
    const fate = house.processes.fateOf(owner);
    if (fate === 'alive' || (fate === 'elsewhere' && !late.has(owner))) continue;
    const { freed, inDoubt } = await ledger.takeOver(issue.id, owner, now);
    moved += freed + inDoubt;
    house.log.warn('lease.taken-over', { issue: issue.number, owner, freed, inDoubt });
  }
  return moved + (await ledger.retryDoubts(issue.id, now));
}
