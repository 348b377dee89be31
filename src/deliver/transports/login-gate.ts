/**
 * Lets one connection log in before the others of a transport try, and does not repeat a login that the server refused:
 * servers lock accounts after a few wrong passwords.
 */
import type { Connected } from './smtp-connect.js';

export type LoginGate = (connect: () => Promise<Connected>) => Promise<Connected>;

/** For how long a refused login is not tried again. */
const REFUSED_MS = 10 * 60_000;

/** @param monotonicMs a clock that is never set back */
export function openLoginGate(monotonicMs: () => number = () => performance.now()): LoginGate {
  let isProven = false;
  let trying: Promise<Connected> | undefined;
  let refused: { readonly result: Connected; readonly at: number } | undefined;

  async function attempt(connect: () => Promise<Connected>): Promise<Connected> {
    const result = await connect();
    if (result.kind === 'connected') isProven = true;
    if (isLoginRefused(result)) {
      isProven = false;
      refused = { result, at: monotonicMs() };
    }
    return result;
  }

  return async (connect) => {
    if (refused && monotonicMs() - refused.at < REFUSED_MS) return refused.result;
    refused = undefined;
    if (isProven) return attempt(connect);
    if (trying) {
      const first = await trying;
      return first.kind === 'failed' ? first : attempt(connect);
    }
    trying = attempt(connect).finally(() => {
      trying = undefined;
    });
    return trying;
  };
}

function isLoginRefused(result: Connected): boolean {
  return result.kind === 'failed' && result.outcome.kind === 'rejected' && result.outcome.phase === 'auth';
}
