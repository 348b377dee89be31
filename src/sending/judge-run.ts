/** What the ledger and a person know of an issue's refusals, for the judge of a run, and what its verdict does. */

import type { AppContext } from '../app-context.js';
import type { Issue } from '../domain/issue.js';
import {
  judgeAnswer,
  NO_ANSWERS,
  REFUSAL_FIGURES,
  type RefusalRecord,
  type RefusalVerdict,
} from '../domain/refusals.js';
import { noteOnPause, notifyOnce } from '../operate/notify.js';
import { judgedSince, keepPauseReason, type PauseReason } from './pause-reason.js';

/** What was answered before a run, so that runs that end early do not begin to count anew. */
export async function answersBefore(deps: AppContext, issue: Issue): Promise<RefusalRecord> {
  const since = await judgedSince(deps, issue);
  const { accepted, refused, latest } = await deps.store.ledger.answers(issue.id, since);
  // Who was put off before says nothing: greylisting puts everybody off once.
  const refusals = latest.filter(({ kind }) => kind === 'rejected');
  const record = refusals.reduce((before, refusal) => judgeAnswer(before, refusal).record, NO_ANSWERS);
  const { ours: _, ...before } = record;
  const answered = accepted + refused;
  const first = since || answered >= REFUSAL_FIGURES.first ? undefined : record.first;
  return { ...before, accepted, answered, sure: 0, first };
}

/** Pauses an issue until a person resumes it, and tells the editor; `undefined` when somebody has ended its sending before. */
export async function pauseFor(
  deps: AppContext,
  issue: Issue,
  verdict: RefusalVerdict,
): Promise<PauseReason | undefined> {
  const paused = await keepPauseReason(deps, issue, verdict);
  if (!(await deps.store.ledger.setState(issue.id, ['sending'], 'paused'))) return undefined;
  await notifyOnce(deps, noteOnPause(issue, paused));
  return paused;
}
