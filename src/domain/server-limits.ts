/**
 * What a mail server was found to allow, and how many connections follow from it (rule: server-limits). Pure: what the server
 * did goes in, the limit comes out.
 */

/** What was learned of one server; what is absent is not limited as far as is known. */
export interface ServerLimits {
  /** The description of its transport. */
  readonly server: string;
  readonly connections?: number;
  readonly messagesPerConnection?: number;
  readonly mailsPerSecond?: number;
}

/** How many connections may be open at once, and when one more is tried. Times in epoch milliseconds. */
export interface ConnectionLimit {
  readonly allowed: number;
  readonly tryAt: number;
  readonly tryAfterMs: number;
  /** The latest increase has not been refused. */
  readonly isTrying: boolean;
}

const FIRST_TRY_MS = 30_000;
const LONGEST_TRY_MS = 600_000;

/** The limit a run begins with: what was learned, or what is wanted. */
export function connectionLimit(wanted: number, learned: number | undefined, now: number): ConnectionLimit {
  const allowed = Math.min(wanted, learned ?? wanted);
  return { allowed, tryAt: now + FIRST_TRY_MS, tryAfterMs: FIRST_TRY_MS, isTrying: false };
}

/** The server refused a connection while so many others were open. */
export function afterRefusedConnection(limit: ConnectionLimit, open: number, now: number): ConnectionLimit {
  const tryAfterMs = limit.isTrying ? Math.min(2 * limit.tryAfterMs, LONGEST_TRY_MS) : limit.tryAfterMs;
  return { allowed: Math.max(1, open), tryAt: now + tryAfterMs, tryAfterMs, isTrying: false };
}

/** So many connections are open. */
export function afterOpenedConnection(limit: ConnectionLimit, open: number): ConnectionLimit {
  return open > limit.allowed ? { ...limit, allowed: open } : limit;
}

/** The server accepted a mail: now and then one more connection is tried. */
export function afterAcceptedMail(limit: ConnectionLimit, wanted: number, now: number): ConnectionLimit {
  if (limit.allowed >= wanted || now < limit.tryAt) return limit;
  const tryAfterMs = limit.isTrying ? FIRST_TRY_MS : limit.tryAfterMs;
  return { allowed: limit.allowed + 1, tryAt: now + tryAfterMs, tryAfterMs, isTrying: true };
}

/** `at most 2 connections at once, 10 mails on each, about 17 mails a second`. */
export function serverLimitsText({ connections, messagesPerConnection, mailsPerSecond }: ServerLimits): string {
  const parts = [
    connections === undefined
      ? undefined
      : `at most ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    messagesPerConnection === undefined ? undefined : `${messagesPerConnection} mails on a connection`,
    mailsPerSecond === undefined ? undefined : `about ${Number(mailsPerSecond.toPrecision(2))} mails a second`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
