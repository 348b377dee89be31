/** Reads the bodies that the next issues need right after a collection: when the issues are sent, the source may fail. */
import type { Newsletter } from '../domain/newsletter.js';
import { arrangementTrouble } from './arrangement.js';
import type { Drafts } from './draft.js';
import { manualTarget } from './target.js';

/** Drafts what each newsletter would send now, which reads and keeps the bodies of its posts. */
export async function readAhead(drafts: Drafts, newsletters: Iterable<Newsletter>, now: Date): Promise<void> {
  for (const newsletter of newsletters) {
    try {
      await drafts.draft(newsletter, manualTarget(now));
    } catch (error) {
      // An arrangement that cannot be read is reported where the issue is made.
      if (arrangementTrouble(error) === undefined) throw error;
    }
  }
}
