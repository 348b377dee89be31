/** What came back, in words. */
import type { IssueFeedback } from '../domain/ports/feedback-store.js';

/** `3 address does not exist, 1 marked as spam`; empty when nothing came back. */
export function cameBackText({ hard, soft, policy, complaints, unsubscribes }: IssueFeedback): string {
  const parts = [
    [hard, 'address does not exist'],
    [soft, 'mailbox full or unavailable'],
    [policy, 'refused for what we send'],
    [complaints, 'marked as spam'],
    [unsubscribes, 'unsubscribed by mail'],
  ] as const;
  return parts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(', ');
}
