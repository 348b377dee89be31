/** What goes wrong with one message at a server full of faults: decided by seed, reader and visit, so that it can be repeated. */
import { fractionFrom } from '../support/seeded-random.js';

/**
 * `no-such-mailbox` 550 5.1.1, at every visit · `later-at-rcpt` and `later-after-dot` 4xx · `dropped-at-rcpt` and
 * `dropped-in-data` the connection is cut before the message is taken · `reply-withheld` it is taken, and the
 * connection cut instead of the reply · `slow` the reply takes its time.
 */
export type MessageFault =
  | 'no-such-mailbox'
  | 'later-at-rcpt'
  | 'later-after-dot'
  | 'dropped-at-rcpt'
  | 'dropped-in-data'
  | 'reply-withheld'
  | 'slow';

const UNKNOWN_MAILBOXES = 0.01;

/** How often each befalls a message. */
const CHANCES: readonly (readonly [MessageFault, number])[] = [
  ['later-at-rcpt', 0.01],
  ['later-after-dot', 0.01],
  ['dropped-at-rcpt', 0.005],
  ['dropped-in-data', 0.01],
  ['reply-withheld', 0.015],
  ['slow', 0.02],
];

/** The fault of a reader's n-th visit, from 1; `undefined`: all goes well. */
export function chooseFault(seed: number, recipient: string, visit: number): MessageFault | undefined {
  if (fractionFrom(seed, recipient) < UNKNOWN_MAILBOXES) return 'no-such-mailbox';
  let left = fractionFrom(seed, recipient, visit);
  for (const [fault, chance] of CHANCES) {
    if (left < chance) return fault;
    left -= chance;
  }
  return undefined;
}
