/** What doctor says when no name server answers. */
import type { Finding } from '../domain/sender-records.js';

export function noDns(check: string, error?: unknown): Finding {
  const text = `No name server answered${error === undefined ? '.' : `: ${String(error)}`}`;
  return { check, level: 'warn', text, hint: 'Try again when the network is up.' };
}
