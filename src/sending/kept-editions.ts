/** The editions a run sends: each is read once while it is among the latest, and memory stays flat however many there are. */
import { ownBytes } from '../domain/edition.js';
import type { FrozenEdition, Ledger } from '../domain/ports/ledger.js';

/** What kept editions may take besides the pieces they share: thousands of editions with pieces, or a hundred without. */
const MOST_BYTES = 12_000_000;

/** Reads editions by id. */
export function keptEditions(ledger: Pick<Ledger, 'edition'>): (id: number) => Promise<FrozenEdition> {
  const kept = new Map<number, Promise<FrozenEdition>>();
  const sizes = new Map<number, number>();
  let bytes = 0;

  async function read(id: number): Promise<FrozenEdition> {
    const edition = await ledger.edition(id);
    const size = ownBytes(edition.mail.html) + ownBytes(edition.mail.text);
    sizes.set(id, size);
    bytes += size;
    for (const [oldest, its] of sizes) {
      if (bytes <= MOST_BYTES || sizes.size === 1) break;
      kept.delete(oldest);
      sizes.delete(oldest);
      bytes -= its;
    }
    return edition;
  }

  return (id) => {
    const edition = kept.get(id) ?? read(id);
    kept.set(id, edition);
    return edition;
  };
}
