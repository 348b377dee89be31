/** Presses that count once: a page names the turn it was made at, and a repeat of the same press names the same turn. */

export interface Presses {
  /** For pages; another one after each act. */
  turn(): string;
  /**
   * Does the work, unless the same act was begun from the same turn: then it waits for that one (rule: editor's-words).
   * What failed may be tried again. Without a turn nothing is a repeat.
   */
  once(turn: string | undefined, act: string, work: () => Promise<void>): Promise<void>;
}

/** A page that is older than so many acts counts as new. */
const MOST_KEPT = 500;

export function openPresses(): Presses {
  let acts = 0;
  const begun = new Map<string, Promise<void>>();
  return {
    turn: () => String(acts),
    once(turn, act, work) {
      if (!turn) return work();
      const key = `${turn} ${act}`;
      const before = begun.get(key);
      if (before) return before;
      acts += 1;
      const done = work();
      begun.set(key, done);
      done.catch(() => begun.delete(key));
      for (const oldest of begun.keys()) {
        if (begun.size <= MOST_KEPT) break;
        begun.delete(oldest);
      }
      return done;
    },
  };
}
