/** The studio's own inbox. */
import type { StudioParts } from '../parts.js';

export function openInboxActions({ inbox, changes }: Pick<StudioParts, 'inbox' | 'changes'>) {
  return {
    /** Deletes all mails. */
    async clear(): Promise<void> {
      inbox.required().clear();
      changes.notify();
    },
  };
}
