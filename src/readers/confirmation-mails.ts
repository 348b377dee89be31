/**
 * What happens to sign-ups after the form: the mail that asks for confirmation, one reminder, and deletion. Can be killed at any
 * point and run again; a request whose mail was not sent waits for the next run.
 */
import { maskedAddress } from '../domain/address.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import { REFUSAL_FIGURES } from '../domain/refusals.js';
import type { Outcome } from '../domain/reply.js';
import { FORGET_MS, type SignUp } from '../domain/sign-up.js';
import type { ConfirmationMessages, ToMail } from './confirmation-message.js';
import type { DueSignUps } from './due-sign-ups.js';
import type { ExclusiveRun, ExclusiveWork } from './exclusive-work.js';
import type { PacedConnection, PacedTransport } from './paced-transport.js';

export interface ConfirmationMailsDeps {
  readonly due: DueSignUps;
  readonly messages: ConfirmationMessages;
  readonly signUps: Pick<SignUpStore, 'forgetUnconfirmed' | 'keepToken' | 'mailed' | 'leave' | 'putOff'>;
  readonly exclusive: ExclusiveWork;
  readonly transport: PacedTransport;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export interface SignUpMailReport {
  readonly mailed: number;
  readonly reminded: number;
  readonly forgotten: number;
}

interface Mailing {
  readonly isReminder: boolean;
  readonly run: ExclusiveRun;
  readonly signal: AbortSignal | undefined;
}

export function openConfirmationMails(deps: ConfirmationMailsDeps) {
  const { due, messages, signUps, exclusive, transport, clock, log } = deps;

  /**
   * Mails, reminds and deletes what is due. While another run is under way it does nothing, and that run repeats.
   * Throws `store.copy` or `send.not-ready` when there is something to mail and no mail may be sent.
   */
  async function mailSignUps(signal?: AbortSignal): Promise<SignUpMailReport> {
    let sum: SignUpMailReport = { mailed: 0, reminded: 0, forgotten: 0 };
    const work = async (run: ExclusiveRun) => {
      const { mailed, reminded, forgotten } = await runOnce(run, signal);
      sum = {
        mailed: sum.mailed + mailed,
        reminded: sum.reminded + reminded,
        forgotten: sum.forgotten + forgotten,
      };
    };
    await exclusive.run('sign-ups', work, signal);
    return sum;
  }

  async function runOnce(run: ExclusiveRun, signal: AbortSignal | undefined): Promise<SignUpMailReport> {
    const now = clock.now();
    const forgotten = await signUps.forgetUnconfirmed(new Date(now.getTime() - FORGET_MS));
    if (forgotten > 0) log.info('sign-ups.forgotten', { count: forgotten });
    const mailed = await mailEach(await due.list(false, now), { isReminder: false, run, signal });
    const reminded = await mailEach(await due.list(true, now), { isReminder: true, run, signal });
    return { mailed, reminded, forgotten };
  }

  async function mailEach(waiting: readonly SignUp[], { isReminder, run, signal }: Mailing): Promise<number> {
    let connection: PacedConnection | undefined;
    let mailed = 0;
    let policyRefusals = 0;
    try {
      for (const signUp of waiting) {
        if (!(await run.mayContinue())) break;
        const newsletter = await due.newsletterFor(signUp, isReminder, clock.now());
        if (!newsletter) continue;
        // Before the first token is written.
        connection ??= await transport.open();
        if (!(await connection.waitForTurn(run.mayContinue, signal))) break;
        const outcome = await mailOne(connection, { signUp, newsletter, isReminder }, signal);
        if (hasLeft(outcome)) mailed += 1;
        policyRefusals = 'meaning' in outcome && outcome.meaning === 'policy' ? policyRefusals + 1 : 0;
        const isOver = policyRefusals === 0 ? isForAll(outcome) : policyRefusals >= REFUSAL_FIGURES.sureInARow;
        if (isOver) break;
      }
    } finally {
      await connection?.close();
    }
    return mailed;
  }

  async function mailOne(
    connection: PacedConnection,
    toMail: ToMail,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    const { signUp, newsletter, isReminder } = toMail;
    const at = clock.now();
    const { message, token, textVersion } = await messages.build(toMail, at);
    // Before the mail is sent: a link that reaches its reader must work, even if this process dies before the reply.
    await signUps.keepToken(signUp.id, token);
    const outcome = await connection.send(message, signal);
    const shown = { newsletter: newsletter.id, address: maskedAddress(signUp.address), reply: outcome.reply.code };
    if (!hasLeft(outcome)) {
      log.warn('confirmation.not-mailed', { ...shown, outcome: outcome.kind });
      if (outcome.kind === 'rejected' && outcome.scope === 'recipient')
        await signUps.leave(signUp.id, at, isReminder ? 'reminder' : 'mail');
      else await signUps.putOff(signUp.id, at);
      return outcome;
    }
    await signUps.mailed(signUp.id, { at, messageId: message.messageId, textVersion, isReminder });
    log.info('confirmation.mailed', shown);
    return outcome;
  }

  return { mailSignUps };
}

/** Whether the next mail would be refused as well. */
function isForAll(outcome: Outcome): boolean {
  return 'scope' in outcome && outcome.scope !== 'recipient' && outcome.scope !== 'message';
}

function hasLeft({ kind }: Outcome): boolean {
  return kind === 'accepted' || kind === 'unknown';
}
