/** Which sign-ups get a mail now. */
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import { MAIL_EVERY_MS, REMIND_MS, type SignUp } from '../domain/sign-up.js';
import { LIFTED_BY_CONFIRMING } from '../domain/subscriber.js';
import type { Newsletters } from './newsletters.js';

export interface DueSignUpsDeps {
  readonly signUps: Pick<SignUpStore, 'toMail' | 'toRemind' | 'leave' | 'lastMailed' | 'evidence'>;
  readonly audience: Pick<AudienceStore, 'suppression'>;
  readonly newsletters: Pick<Newsletters, 'find'>;
}

export type DueSignUps = ReturnType<typeof openDueSignUps>;

const MOST_AT_ONCE = 1000;

export function openDueSignUps({ signUps, audience, newsletters }: DueSignUpsDeps) {
  /** Those that wait for their mail, or for their reminder; oldest first. */
  function list(isReminder: boolean, now: Date): Promise<readonly SignUp[]> {
    const ago = (ms: number) => new Date(now.getTime() - ms);
    return isReminder
      ? signUps.toRemind(now, ago(REMIND_MS), MOST_AT_ONCE)
      : signUps.toMail(now, ago(MAIL_EVERY_MS), MOST_AT_ONCE);
  }

  /** The newsletter to mail for; `undefined` when no mail may be sent, or not yet. */
  async function newsletterFor(signUp: SignUp, isReminder: boolean, now: Date): Promise<Newsletter | undefined> {
    const newsletter = newsletters.find(signUp.newsletter);
    const isSettled = await isConfirmedSince(signUp);
    if (!newsletter || isSettled || !(await mayBeAsked(signUp))) {
      await signUps.leave(signUp.id, now, isReminder ? 'reminder' : 'mail');
      return undefined;
    }
    // Read again: this run may have mailed to the address a moment ago.
    const last = await signUps.lastMailed(signUp.addressKey);
    return last && now.getTime() - last.getTime() < MAIL_EVERY_MS ? undefined : newsletter;
  }

  /** A mailbox that bounced is asked once more when its reader wants it; nobody who complained is. */
  async function mayBeAsked({ addressKey, purpose }: SignUp): Promise<boolean> {
    const reason = await audience.suppression(addressKey);
    return reason === undefined || (purpose === 'sign-up' && LIFTED_BY_CONFIRMING.some((each) => each === reason));
  }

  /** Whether the same request was confirmed by another mail after it was made. */
  async function isConfirmedSince({ addressKey, newsletter, purpose, asked }: SignUp): Promise<boolean> {
    const evidence = await signUps.evidence(addressKey);
    return evidence.some(
      (each) =>
        each.newsletter === newsletter &&
        each.purpose === purpose &&
        each.confirmed !== undefined &&
        each.confirmed.at >= asked.at,
    );
  }

  return { list, newsletterFor };
}
