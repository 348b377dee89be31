/**
 * What happens to sign-ups behind the form: the mail that asks for a confirmation, one reminder, and forgetting. It may be
 * killed anywhere and run again; a request whose mail did not leave waits for the next run.
 */

import type { AppContext } from '../app-context.js';
import { newToken, tokenHash, versionOf } from '../audience/tokens.js';
import { maskedAddress } from '../domain/address.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { MailConnection } from '../domain/ports/mail.js';
import { REFUSAL_FIGURES } from '../domain/refusals.js';
import { asksForLess, type Outcome } from '../domain/reply.js';
import { CONFIRM_MS, FORGET_MS, MAIL_EVERY_MS, REMIND_MS, type SignUp } from '../domain/sign-up.js';
import { nameInMail } from '../domain/subscriber.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import { refuseUnready } from '../sending/by-hand.js';
import { inOneRound, type Round } from './one-round.js';
import { frequencyOf, languageFor, pathsOf, publicSideOf } from './public-site.js';

export interface SignUpRound {
  readonly mailed: number;
  readonly reminded: number;
  readonly forgotten: number;
}

const MOST_AT_ONCE = 1000;
const DAY_MS = 86_400_000;

/**
 * Mails, reminds and forgets what is due; nothing when another round is under way, which then goes on to what is new.
 * Throws `store.copy` or `send.not-ready` when there is something to mail and none may leave.
 */
export async function mailSignUps(deps: AppContext, signal?: AbortSignal): Promise<SignUpRound> {
  let done: SignUpRound = { mailed: 0, reminded: 0, forgotten: 0 };
  const work = async (round: Round) => {
    const { mailed, reminded, forgotten } = await tendOnce(deps, round, signal);
    done = {
      mailed: done.mailed + mailed,
      reminded: done.reminded + reminded,
      forgotten: done.forgotten + forgotten,
    };
  };
  await inOneRound(deps, 'sign-ups', work, signal);
  return done;
}

async function tendOnce(deps: AppContext, round: Round, signal: AbortSignal | undefined): Promise<SignUpRound> {
  const now = deps.clock.now();
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const { signUps } = deps.store;
  const forgotten = await signUps.forgetUnconfirmed(ago(FORGET_MS));
  if (forgotten > 0) deps.log.info('sign-ups.forgotten', { count: forgotten });
  const toMail = await signUps.toMail(now, ago(MAIL_EVERY_MS), MOST_AT_ONCE);
  const mailed = await mailEach(deps, toMail, { isReminder: false, round, signal });
  const toRemind = await signUps.toRemind(now, ago(REMIND_MS), MOST_AT_ONCE);
  const reminded = await mailEach(deps, toRemind, { isReminder: true, round, signal });
  return { mailed, reminded, forgotten };
}

interface Mailing {
  readonly isReminder: boolean;
  readonly round: Round;
  readonly signal: AbortSignal | undefined;
}

async function mailEach(deps: AppContext, waiting: readonly SignUp[], mailing: Mailing): Promise<number> {
  const { isReminder, round, signal } = mailing;
  let lane: MailConnection | undefined;
  let mailed = 0;
  let policies = 0;
  try {
    for (const signUp of waiting) {
      if (!(await round.goesOn())) break;
      const newsletter = await newsletterToMail(deps, signUp, isReminder);
      if (!newsletter) continue;
      lane ??= await openLane(deps);
      if (!(await takeTurn(deps, round, signal))) break;
      const outcome = await mailOne(deps, lane, { signUp, newsletter, isReminder }, signal);
      if (outcome.kind === 'accepted' || outcome.kind === 'unknown') mailed += 1;
      if (asksForLess(outcome)) await deps.rateLimit().slow(deps.clock.now());
      policies = 'meaning' in outcome && outcome.meaning === 'policy' ? policies + 1 : 0;
      // What is no matter of this one mail would meet the next as well.
      if (policies === 0 ? meetsAll(outcome) : policies >= REFUSAL_FIGURES.sureInARow) break;
    }
  } finally {
    await lane?.close();
  }
  return mailed;
}

/** Before the first token is written. Throws `store.copy`, and `send.not-ready` where the links would lead nowhere. */
async function openLane(deps: AppContext): Promise<MailConnection> {
  refuseUnready(deps);
  await refuseCopy(deps.store);
  return deps.transport().open();
}

function meetsAll(outcome: Outcome): boolean {
  return 'scope' in outcome && outcome.scope !== 'recipient' && outcome.scope !== 'message';
}

const LONGEST_WAIT_MS = 30_000;

/** Waits until the pace of the transport lets one more mail go; false when the round ends meanwhile. */
async function takeTurn(deps: AppContext, round: Round, signal: AbortSignal | undefined): Promise<boolean> {
  for (;;) {
    const waitMs = await deps.rateLimit().take(deps.clock.now());
    if (waitMs === 0) return true;
    await deps.clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
    if (!(await round.goesOn())) return false;
  }
}

/** The newsletter to mail for; `undefined` when no mail may leave, or not yet. */
async function newsletterToMail(
  deps: AppContext,
  signUp: SignUp,
  isReminder: boolean,
): Promise<Newsletter | undefined> {
  const { signUps, audience } = deps.store;
  const now = deps.clock.now();
  const newsletter = deps.newsletters.get(signUp.newsletter);
  const since = await confirmedSince(deps, signUp);
  if (!newsletter || since || (await audience.suppression(signUp.addressKey)) !== undefined) {
    await signUps.leave(signUp.id, now, isReminder ? 'reminder' : 'mail');
    return undefined;
  }
  // Asked again, for this round itself may have mailed to the address a moment ago.
  const last = await signUps.lastMailed(signUp.addressKey);
  return last && now.getTime() - last.getTime() < MAIL_EVERY_MS ? undefined : newsletter;
}

/** Whether the same wish was confirmed by another mail after it was asked. */
async function confirmedSince({ store }: AppContext, signUp: SignUp): Promise<boolean> {
  const evidence = await store.signUps.evidence(signUp.addressKey);
  return evidence.some(
    ({ newsletter, purpose, confirmed }) =>
      newsletter === signUp.newsletter &&
      purpose === signUp.purpose &&
      confirmed !== undefined &&
      confirmed.at >= signUp.asked.at,
  );
}

interface ToMail {
  readonly signUp: SignUp;
  readonly newsletter: Newsletter;
  readonly isReminder: boolean;
}

async function mailOne(
  deps: AppContext,
  lane: MailConnection,
  { signUp, newsletter, isReminder }: ToMail,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const side = publicSideOf(deps);
  const paths = pathsOf(side);
  const token = newToken();
  const hash = tokenHash(token) ?? '';
  const at = deps.clock.now();
  const mail = await side.pages.noticeMail({
    newsletter,
    language: await languageFor(deps, newsletter, signUp.language),
    purpose: signUp.purpose,
    isReminder,
    frequency: frequencyOf(deps, newsletter),
    name: nameInMail(signUp.name),
    address: signUp.address,
    confirmUrl: paths.absolute(paths.confirm(token)),
    days: Math.round(CONFIRM_MS / DAY_MS),
  });
  const from = newsletter.confirmationSender ?? newsletter.sender;
  const message = await side.notices.build(mail, from, signUp.address, hash, at);
  // Before the wire: a link that has reached its reader must be good, also when this process dies on the way back.
  const expiresAt = new Date(at.getTime() + CONFIRM_MS);
  await deps.store.signUps.keepToken(signUp.id, { tokenHash: hash, purpose: signUp.purpose, expiresAt });
  const outcome = await lane.send(message, signal);
  const shown = { newsletter: newsletter.id, address: maskedAddress(signUp.address), reply: outcome.reply.code };
  if (outcome.kind !== 'accepted' && outcome.kind !== 'unknown') {
    deps.log.warn('confirmation.not-mailed', { ...shown, outcome: outcome.kind });
    if (outcome.kind === 'rejected' && outcome.scope === 'recipient')
      await deps.store.signUps.leave(signUp.id, at, isReminder ? 'reminder' : 'mail');
    else await deps.store.signUps.putOff(signUp.id, at);
    return outcome;
  }
  await deps.store.signUps.mailed(signUp.id, {
    at,
    messageId: message.messageId,
    textVersion: versionOf(mail.text.replace(token, '')),
    isReminder,
  });
  deps.log.info('confirmation.mailed', shown);
  return outcome;
}
