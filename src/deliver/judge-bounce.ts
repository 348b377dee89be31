/** What a reply says about a mail that was accepted first and came back (rule: whose-fault). */

import type { BounceVerdict } from '../domain/feedback.js';
import type { Outcome, Reply } from '../domain/reply.js';
import { classifyReply, isGuess } from './classify-reply.js';

/** Judges the reply of a bounce by the table of replies. One without a code counts as a refusal for good. */
export function judgeBounce(reply: Reply): BounceVerdict {
  const withCode = { ...reply, code: codeOf(reply) };
  return { bounce: bounceOf(classifyReply(withCode, 'bounce')), isGuess: isGuess(withCode, 'bounce') };
}

function codeOf({ code, enhanced }: Reply): number {
  if (code !== undefined && code >= 400) return code;
  return enhanced?.startsWith('4.') ? 450 : 550;
}

function bounceOf(outcome: Outcome): BounceVerdict['bounce'] {
  if (outcome.kind === 'accepted' || outcome.kind === 'unknown') return 'soft';
  if (outcome.kind === 'deferred')
    return outcome.scope === 'recipient' || outcome.scope === 'connection' ? 'soft' : 'policy';
  if (outcome.scope === 'connection') return 'soft';
  return outcome.bounce === 'none' ? 'policy' : outcome.bounce;
}
