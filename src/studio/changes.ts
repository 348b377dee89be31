/** Tells open pages that something they show has changed. */
import type { StudioInbox } from '../domain/studio-inbox.js';
import type { LiveDraft } from './live-draft.js';

export type Changes = ReturnType<typeof openChanges>;

/** Follows the draft and the inbox; runs and actions notify by themselves. */
export function openChanges(live: LiveDraft, inbox: StudioInbox | undefined) {
  const listeners = new Set<() => void>();
  let more = 0;
  function notify(): void {
    more += 1;
    for (const listener of listeners) listener();
  }
  live.onChange(notify);
  inbox?.onMail(notify);
  return {
    notify,
    /** Differs whenever a page may have changed. */
    version: () => live.version() + more,
    hasListeners: () => listeners.size > 0,
    /** Returns a function that removes the listener. */
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
