/**
 * How many messages a server takes on one connection (rule: server-limits): learned when it ends connections after the same
 * number several times, and forgotten when it takes twice as many.
 */

export type MessageLimit = ReturnType<typeof openMessageLimit>;

/** After so many equal numbers in a row the number is a limit. */
const PROVEN_AFTER = 3;
/** Of so many connections one is used until the server ends it, in case the limit has been raised. */
const TRY_EVERY = 20;
const FORGOTTEN_AT_TIMES = 2;

export function openMessageLimit() {
  let limit: number | undefined;
  let latest = 0;
  let alike = 0;
  let opened = 0;

  return {
    /** The limit, where one is known. */
    read: (): number | undefined => limit,
    /** Begins with a limit that was learned earlier. */
    assume(learned: number): void {
      limit ??= learned;
    },
    /** A connection was opened. */
    opened(): void {
      opened += 1;
    },
    /** The server ended a connection after so many accepted messages. */
    ended(accepted: number): void {
      if (accepted === 0) return;
      alike = accepted === latest ? alike + 1 : 1;
      latest = accepted;
      if (alike >= PROVEN_AFTER) limit = accepted;
    },
    /** Whether one more message may be sent on a connection that has had so many accepted. */
    mayGoOn(accepted: number): boolean {
      if (limit === undefined || accepted < limit) return true;
      if (accepted >= limit * FORGOTTEN_AT_TIMES) {
        limit = undefined;
        return true;
      }
      return opened % TRY_EVERY === 0;
    },
  };
}
