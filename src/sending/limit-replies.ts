/** Tells a limit that only one delivery meets from one that stops all of them (rules: whose-fault, fairness). */
import type { BegunDelivery } from '../domain/delivery.js';
import { isAboutRow, likeText } from '../domain/refusals.js';
import type { Outcome } from '../domain/reply.js';

/** So many deliveries refused by a limit, with no message accepted in between, are a limit for all. */
const LIMIT_FOR_ALL = 3;
/** A rate that is being learned is exceeded now and then, by chance by the same delivery: its own limit shows later. */
const CHANCE_REPLIES = 3;

/** @param accepted messages of the issue that earlier runs had accepted */
export function openLimitReplies(accepted: number) {
  let hasAccepted = accepted > 0;
  let replies = 0;
  /** The number of limit replies before the latest accepted message was begun. */
  let beforeAccepted = -1;
  /** By subscriber, the number of its latest limit reply, and how many were about a rate. */
  const latest = new Map<number, { readonly reply: number; readonly aboutRate: number }>();
  const sinceAccepted = new Set<number>();

  /**
   * Counts an outcome. A delivery's limit reply is its own when it is the second of the run and a message begun in between was
   * accepted, or fewer than three deliveries meet the limit; and once its last try has counted. About a rate it is the fourth.
   * @param begunAfter `replies()` when the attempt was begun: other messages may have been on the wire already
   * @returns whether it is a limit that only this delivery meets
   */
  function isOfRow(outcome: Outcome, { subscriber, before }: BegunDelivery, begunAfter: number): boolean {
    if (outcome.kind === 'accepted') {
      hasAccepted = true;
      beforeAccepted = Math.max(beforeAccepted, begunAfter);
      latest.delete(subscriber);
      sinceAccepted.clear();
    }
    if (outcome.kind === 'accepted' || outcome.kind === 'unknown') return false;
    if (outcome.scope !== 'limit' || outcome.meaning === 'new-connection' || !isAboutRow(outcome)) return false;
    const earlier = latest.get(subscriber);
    const aboutRate = (earlier?.aboutRate ?? 0) + (outcome.meaning === 'slow-down' ? 1 : 0);
    replies += 1;
    latest.set(subscriber, { reply: replies, aboutRate });
    sinceAccepted.add(subscriber);
    if (!hasAccepted) return false;
    if (before && likeText(before) === likeText(outcome.reply)) return true;
    if (earlier === undefined || (aboutRate > 0 && aboutRate <= CHANCE_REPLIES)) return false;
    return earlier.reply <= beforeAccepted || sinceAccepted.size < LIMIT_FOR_ALL;
  }

  return { isOfRow, replies: () => replies };
}
