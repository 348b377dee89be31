/** What a reply in a report of non-delivery says about its recipient, by the table that judges live replies (rule: whose-fault). */
import type { JudgeBounce } from '../domain/ports/feedback.js';
import type { Reply } from '../domain/reply.js';
import { classifyReply } from './classify-reply.js';

/** A reply that says “later” is soft here: whoever reports it has given up. A reply without any code is soft as well. */
export const judgeBounce: JudgeBounce = (reply) => {
  const outcome = classifyReply(withCode(reply), 'bounce');
  if (!('scope' in outcome)) return 'soft';
  if (outcome.scope === 'connection') return 'soft';
  if (outcome.scope !== 'recipient') return 'policy';
  if (outcome.kind === 'rejected' && outcome.bounce === 'hard') return 'hard';
  // A recipient who does not want this mail is neither dead nor full.
  return outcome.meaning === 'not-wanted' ? 'policy' : 'soft';
};

/** Many reports give the enhanced code alone; its class is that of the basic code (RFC 3463 §3.1). */
function withCode(reply: Reply): Reply {
  if (reply.code !== undefined || reply.enhanced === undefined) return reply;
  return { ...reply, code: Number(reply.enhanced[0]) * 100 + 50 };
}
