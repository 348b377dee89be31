/** Why the program itself paused an issue, and what to do about it. */
import { type Issue, issueCommand } from './issue.js';

export interface PauseReason {
  readonly at: Date;
  /** One sentence with the reply that led to it. */
  readonly reason: string;
  /** How to remove the cause; absent where the reply does not tell. */
  readonly advice?: string;
  /** The scope of the refusals that led to it. */
  readonly scope: string;
  /** `likeText` of these refusals. */
  readonly like: string;
}

/** Why an issue is paused, and the commands that continue it. */
export function pauseText(
  issue: Pick<Issue, 'newsletter' | 'number'>,
  { reason, advice, scope }: Pick<PauseReason, 'reason' | 'advice' | 'scope'>,
): string {
  const giveBack =
    scope === 'recipient'
      ? `If the readers’ addresses are fine, ${issueCommand('return', issue)} plans these readers again.`
      : undefined;
  const parts = [reason, advice, giveBack, `${issueCommand('resume', issue)} continues sending.`];
  return parts.filter((part) => part !== undefined).join(' ');
}
