/** Readers who were refused for no fault of theirs get their turn again (rule: whose-fault). */

import type { AppContext } from '../app-context.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { DeliveryRow, Returned } from '../domain/ports/storage.js';
import { likeText } from '../domain/refusals.js';
import { pauseReasonOf } from './pause-reason.js';

export interface ReturnReport extends Returned {
  readonly issue: Issue;
}

/** Which refusals: those an issue was paused for, all of them, or those whose reply contains some words. */
export type WhichRefusals = 'paused-for' | 'all' | { readonly words: string };

/**
 * Plans refused readers again and lifts the suppressions that came from these refusals; sends nothing. An issue that was
 * done is paused by it, until a person resumes it.
 * @throws GazetteError `usage` where an issue was paused for no refusals and none are named
 */
export async function returnRefused(deps: AppContext, issue: Issue, which: WhichRefusals): Promise<ReturnReport> {
  const isMeant = await chooser(deps, issue, which);
  const returned = await returnWhere(deps, issue, ['rejected', 'deferred'], isMeant);
  if (returned.deliveries > 0) await deps.store.ledger.setState(issue.id, ['done'], 'paused');
  deps.log.info('issue.refused-returned', { newsletter: issue.newsletter, issue: issue.number, ...returned });
  return { issue: (await deps.store.ledger.issue(issue.newsletter, issue.number)) ?? issue, ...returned };
}

/** Those who only wait because of what an issue was paused for are due at once. */
export async function releaseHeldBack(deps: AppContext, issue: Issue): Promise<void> {
  const reason = await pauseReasonOf(deps, issue);
  if (reason) await returnWhere(deps, issue, ['deferred'], ({ reply }) => !!reply && likeText(reply) === reason.like);
}

async function chooser(deps: AppContext, issue: Issue, which: WhichRefusals): Promise<(row: DeliveryRow) => boolean> {
  if (which === 'all') return () => true;
  if (which !== 'paused-for') {
    const words = which.words.toLowerCase();
    return ({ reply }) =>
      !!reply && `${reply.code ?? ''} ${reply.enhanced ?? ''} ${reply.text}`.toLowerCase().includes(words);
  }
  const reason = await pauseReasonOf(deps, issue);
  if (reason) return ({ reply }) => !!reply && likeText(reply) === reason.like;
  throw new GazetteError('usage', `Issue ${issue.number} of “${issue.newsletter}” was not paused for refusals.`, {
    hint: 'Name them with --refused and words of the reply, or --refused all.',
  });
}

async function returnWhere(
  { store: { ledger } }: AppContext,
  issue: Issue,
  states: readonly ('rejected' | 'deferred')[],
  isMeant: (row: DeliveryRow) => boolean,
): Promise<Returned> {
  const subscribers: number[] = [];
  for await (const row of ledger.deliveries(issue.id, states)) if (isMeant(row)) subscribers.push(row.subscriber);
  return ledger.returnRefused(issue.id, subscribers);
}
