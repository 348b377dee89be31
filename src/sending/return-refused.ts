/** Plans readers again who were refused although their addresses are fine (rule: whose-fault). */
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { DeliveryRow, Returned } from '../domain/ports/deliveries.js';
import type { Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import { likeText } from '../domain/refusals.js';
import { issueNumbered } from '../issue/cancel.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import type { PauseReasons } from './pause-reason.js';

export interface ReturnReport extends Returned {
  readonly issue: Issue;
}

/** Which refusals: those the issue was paused for, all of them, or those whose reply contains these words. */
export type WhichRefusals = 'paused-for' | 'all' | { readonly words: string };

export interface ReturningDeps {
  readonly store: Pick<Store, 'copiedAt'> & {
    readonly ledger: Pick<Ledger, 'issue' | 'setState' | 'deliveries' | 'returnRefused'>;
  };
  readonly pauseReasons: Pick<PauseReasons, 'read'>;
  readonly log: Pick<Log, 'info'>;
}

export type Returning = ReturnType<typeof openReturning>;

export function openReturning({ store, pauseReasons, log }: ReturningDeps) {
  const { ledger } = store;

  /**
   * Plans refused readers again and lifts the suppressions that came from these refusals; sends nothing. An issue that was
   * done is paused by it, until a person resumes it.
   * @throws GazetteError `usage` where the issue was paused for no refusals and none are named
   */
  async function returnRefused(newsletter: Newsletter, number: number, which: WhichRefusals): Promise<ReturnReport> {
    await refuseCopy(store);
    const issue = await issueNumbered(ledger, newsletter, number);
    const returned = await returnWhere(issue, ['rejected', 'deferred'], await matcher(issue, which));
    if (returned.deliveries > 0) await ledger.setState(issue.id, ['done'], 'paused');
    log.info('issue.refused-returned', { newsletter: newsletter.id, issue: number, ...returned });
    return { issue: await issueNumbered(ledger, newsletter, number), ...returned };
  }

  /** Makes deferred readers due at once, where they wait for what the issue was paused for. */
  async function releaseDeferred(issue: Issue): Promise<void> {
    const reason = await pauseReasons.read(issue);
    if (reason) await returnWhere(issue, ['deferred'], isRefusedLike(reason.like));
  }

  async function matcher(issue: Issue, which: WhichRefusals): Promise<(row: DeliveryRow) => boolean> {
    if (which === 'all') return () => true;
    if (which !== 'paused-for') return hasWords(which.words.toLowerCase());
    const reason = await pauseReasons.read(issue);
    if (reason) return isRefusedLike(reason.like);
    throw new GazetteError('usage', `Issue ${issue.number} of “${issue.newsletter}” was not paused for refusals.`, {
      hint: 'Name the refusals: --refused with words of the reply, or --refused all.',
    });
  }

  async function returnWhere(
    issue: Issue,
    states: readonly ('rejected' | 'deferred')[],
    matches: (row: DeliveryRow) => boolean,
  ): Promise<Returned> {
    const subscribers: number[] = [];
    for await (const row of ledger.deliveries(issue.id, states)) if (matches(row)) subscribers.push(row.subscriber);
    return ledger.returnRefused(issue.id, subscribers);
  }

  return { returnRefused, releaseDeferred };
}

function isRefusedLike(like: string): (row: DeliveryRow) => boolean {
  return ({ reply }) => reply !== undefined && likeText(reply) === like;
}

function hasWords(words: string): (row: DeliveryRow) => boolean {
  return ({ reply }) =>
    reply !== undefined && `${reply.code ?? ''} ${reply.enhanced ?? ''} ${reply.text}`.toLowerCase().includes(words);
}
