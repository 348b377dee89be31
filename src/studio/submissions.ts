/** Makes a form submission count once: a page carries a token, and a repeated submission carries the same one. */

export interface Submissions {
  /** For the forms of a page that is being printed; changes with every action. */
  token(): string;
  /**
   * Does the work, unless the same action was already submitted with this token: then it waits for that one (rule:
   * editor's-words). A failed action may be repeated. Without a token every submission counts.
   */
  once(token: string | undefined, action: string, work: () => Promise<void>): Promise<void>;
}

/** A page older than this many actions is treated as new. */
const MAX_KEPT = 500;

export function openSubmissions(): Submissions {
  let actions = 0;
  const begun = new Map<string, Promise<void>>();
  return {
    token: () => String(actions),
    once(token, action, work) {
      if (!token) return work();
      const key = `${token} ${action}`;
      const before = begun.get(key);
      if (before) return before;
      actions += 1;
      const done = work();
      begun.set(key, done);
      done.catch(() => begun.delete(key));
      for (const oldest of begun.keys()) {
        if (begun.size <= MAX_KEPT) break;
        begun.delete(oldest);
      }
      return done;
    },
  };
}
