/** Logs what strangers can cause in any number: the first of a kind at once, and then how many there were, once a minute. */
import type { Clock, Log, LogFields } from '../domain/ports/host.js';

export interface RefusalLogDeps {
  readonly log: Pick<Log, 'warn'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly event: string;
}

const EVERY_MS = 60_000;
const MOST_KINDS = 100;

/** @returns logs a refusal; fields of the same text are of the same kind, so they hold nothing a stranger chooses */
export function openRefusalLog({ log, clock, event }: RefusalLogDeps): (fields: LogFields) => void {
  const kinds = new Map<string, { loggedAt: number; count: number }>();
  return (fields) => {
    const key = JSON.stringify(fields);
    const nowMs = clock.now().getTime();
    const kind = kinds.get(key) ?? { loggedAt: Number.NEGATIVE_INFINITY, count: 0 };
    if (kinds.size >= MOST_KINDS && !kinds.has(key)) kinds.clear();
    kinds.set(key, kind);
    kind.count += 1;
    if (nowMs - kind.loggedAt < EVERY_MS) return;
    log.warn(event, { ...fields, count: kind.count });
    kind.loggedAt = nowMs;
    kind.count = 0;
  };
}
