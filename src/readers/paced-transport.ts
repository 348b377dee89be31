/** Single mails within the rate limit of the transport. */
import type { Clock } from '../domain/ports/host.js';
import type { Message, RateLimit, Transport } from '../domain/ports/mail.js';
import { asksForLess, type Outcome } from '../domain/reply.js';

export interface PacedTransportDeps {
  transport(): Transport;
  rateLimit(): RateLimit;
  /** Throws `store.copy` or `send.not-ready` where no mail may be sent. */
  refuseMail(): Promise<void>;
  readonly clock: Clock;
}

export type PacedTransport = ReturnType<typeof openPacedTransport>;
export type PacedConnection = Awaited<ReturnType<PacedTransport['open']>>;

const LONGEST_WAIT_MS = 30_000;

export function openPacedTransport({ transport, rateLimit, refuseMail, clock }: PacedTransportDeps) {
  async function open() {
    await refuseMail();
    const connection = transport().open();
    return {
      /** Waits until the rate limit allows one more mail; false when `mayContinue` says so first. */
      async waitForTurn(mayContinue: () => Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
        for (;;) {
          const waitMs = await rateLimit().take(clock.now());
          if (waitMs === 0) return true;
          await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
          if (!(await mayContinue())) return false;
        }
      },
      /** Sends one mail, and slows down when the server asks for it. */
      async send(message: Message, signal?: AbortSignal): Promise<Outcome> {
        const begunAt = clock.now();
        const outcome = await connection.send(message, signal);
        if (outcome.kind === 'accepted') rateLimit().accepted(clock.now());
        if (asksForLess(outcome)) await rateLimit().slow(clock.now(), begunAt);
        return outcome;
      },
      close: () => connection.close(),
    };
  }

  return { open };
}
