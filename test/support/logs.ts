/** Logs for tests: one that says nothing, and one that keeps what is said. */
import type { Log, LogFields } from '../../src/domain/ports/host.js';
import { openLog } from '../../src/platform/log.js';

export const silentLog: Log = openLog({ level: 'silent', format: 'json' });

export interface LoggedEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  /** As the program writes them: what is private is hidden. */
  readonly fields: LogFields;
}

/** Keeps each event as its line in the JSON log tells it. */
export function memoryLog(): Log & { readonly events: readonly LoggedEvent[] } {
  const events: LoggedEvent[] = [];
  const write = (line: string) => {
    const { level, event, time: _, ...fields } = JSON.parse(line);
    events.push({ level, event, fields });
  };
  return { events, ...openLog({ level: 'info', format: 'json', destination: { write } }) };
}
