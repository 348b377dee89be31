/** Continues, repeats or pauses the sending of an issue. */
import type { DeliveryCounts } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import { type Issue, issueCommand } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import { issueNumbered, wrongState } from '../issue/cancel.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import type { PauseReasons } from './pause-reason.js';
import type { Returning } from './return-refused.js';
import type { SendOptions, SendReport } from './run.js';
import type { SendPlanned } from './send-planned.js';

export interface ResumingDeps {
  readonly store: Pick<Store, 'copiedAt'> & {
    readonly ledger: Pick<Ledger, 'issue' | 'setState' | 'resend' | 'resendable' | 'counts'>;
  };
  readonly pauseReasons: Pick<PauseReasons, 'forget'>;
  readonly returning: Pick<Returning, 'releaseDeferred'>;
  refuseUnready(newsletter: Newsletter): void;
  readonly sendPlanned: SendPlanned;
}

/** All throw `issue.missing`; those that send throw `send.not-ready` and `store.copy`. */
export function openResuming({ store, pauseReasons, returning, refuseUnready, sendPlanned }: ResumingDeps) {
  const { ledger } = store;

  /** A person continues an issue: ends a pause, and sends. Throws `issue.state` for a cancelled issue. */
  async function resume(newsletter: Newsletter, number: number, options: SendOptions = {}): Promise<SendReport> {
    const issue = await issueToSend(newsletter, number);
    if (issue.state === 'cancelled') throw wrongState(issue, 'it was cancelled');
    await refuseCopy(store);
    await returning.releaseDeferred(issue);
    await pauseReasons.forget(issue);
    await ledger.setState(issue.id, ['paused'], 'sending');
    return sendPlanned(issue, options);
  }

  /** The service continues an issue that is being sent; it leaves one that a person has paused or cancelled alone. */
  async function goOn(newsletter: Newsletter, number: number, options: SendOptions = {}): Promise<SendReport> {
    return sendPlanned(await issueToSend(newsletter, number), options);
  }

  /**
   * A person sends once more to readers who were rejected, or whose outcome is unknown. Those who may get no mail keep their outcome.
   * @throws GazetteError `issue.state` where there is nobody to send it to
   */
  async function resend(
    newsletter: Newsletter,
    number: number,
    { only, now }: { readonly only: 'rejected' | 'unknown'; readonly now: Date },
    options: SendOptions = {},
  ): Promise<SendReport> {
    const issue = await issueToSend(newsletter, number);
    await refuseCopy(store);
    if ((await ledger.resend(issue.id, only, now)) === 0)
      throw nobodyToResendTo(issue, only, await ledger.counts(issue.id));
    await pauseReasons.forget(issue);
    await ledger.setState(issue.id, ['done', 'paused'], 'sending');
    return sendPlanned(issue, options);
  }

  /** How many readers `resend` would send to. */
  async function resendable(issue: Issue, now: Date): Promise<{ readonly rejected: number; readonly unknown: number }> {
    return {
      rejected: await ledger.resendable(issue, 'rejected', now),
      unknown: await ledger.resendable(issue, 'unknown', now),
    };
  }

  /** Stops sending until a person resumes it. Throws `issue.state` for an issue that is not being sent. */
  async function pause(newsletter: Newsletter, number: number): Promise<Issue> {
    const issue = await issueNumbered(ledger, newsletter, number);
    if (await ledger.setState(issue.id, ['frozen', 'sending'], 'paused')) return { ...issue, state: 'paused' };
    throw wrongState(issue, `it is ${issue.state}`);
  }

  async function issueToSend(newsletter: Newsletter, number: number): Promise<Issue> {
    refuseUnready(newsletter);
    return issueNumbered(ledger, newsletter, number);
  }

  return { resume, goOn, resend, resendable, pause };
}

function nobodyToResendTo(issue: Issue, only: 'rejected' | 'unknown', counts: DeliveryCounts): GazetteError {
  const count = counts[only];
  const { newsletter, number } = issue;
  if (count === 0) {
    const what = only === 'rejected' ? 'was rejected' : 'has an unknown outcome';
    return new GazetteError(
      'issue.state',
      `No reader of issue ${number} of ${newsletter} ${what}: there is nobody to send it to again.`,
    );
  }
  const who = only === 'rejected' ? 'rejected readers' : 'readers with an unknown outcome';
  return new GazetteError(
    'issue.state',
    `None of the ${count} ${who} of issue ${number} of ${newsletter} may get a mail now: they are suppressed, paused or unsubscribed. Nothing was changed.`,
    {
      hint: `\`gazette suppressions list\` shows why. Refusals that were about the sender are taken back with ${issueCommand('return', issue, '--refused all')}.`,
    },
  );
}
