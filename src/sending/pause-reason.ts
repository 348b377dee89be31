/** Why the program itself paused an issue: kept until a person goes on with it, for everything that shows the issue. */

import type { AppContext } from '../app-context.js';
import type { Issue } from '../domain/issue.js';
import type { RefusalVerdict } from '../domain/refusals.js';
import { likeText } from '../domain/refusals.js';

export interface PauseReason {
  readonly at: Date;
  /** One sentence for people, with the reply it rests on. */
  readonly reason: string;
  /** What to do about the cause, where the reply tells. */
  readonly advice?: string;
  /** Whose fault the replies say it is. */
  readonly scope: string;
  /** `likeText` of the refusals that led to it. */
  readonly like: string;
}

/** As JSON keeps it. */
interface Remembered {
  readonly pause?: Omit<PauseReason, 'at'> & { readonly at: number };
  /** A person has looked at everything before that moment: it is judged no more. */
  readonly judgedSince?: number;
}

const keyOf = ({ id }: Pick<Issue, 'id'>) => `refusals of issue ${id}`;

async function remembered(deps: AppContext, issue: Pick<Issue, 'id'>): Promise<Remembered> {
  return ((await deps.store.shared.read(keyOf(issue))) as Remembered | undefined) ?? {};
}

/** Keeps why an issue is about to be paused. */
export async function keepPauseReason(
  deps: AppContext,
  issue: Issue,
  { reason, refusal }: RefusalVerdict,
): Promise<PauseReason> {
  const { code, enhanced, text } = refusal.reply;
  const said = [code, enhanced, text].filter((part) => part !== undefined).join(' ');
  const kept = {
    reason: `${reason}: “${said}”.`,
    ...(refusal.advice !== undefined && { advice: refusal.advice }),
    scope: refusal.scope,
    like: likeText(refusal.reply),
  };
  const at = deps.clock.now();
  await deps.store.shared.change(keyOf(issue), (before) => ({
    after: { ...(before as Remembered | undefined), pause: { ...kept, at: at.getTime() } },
    result: undefined,
  }));
  return { ...kept, at };
}

/** Why an issue is paused; `undefined` when it is not, or a person paused it. */
export async function pauseReasonOf(deps: AppContext, issue: Issue): Promise<PauseReason | undefined> {
  if (issue.state !== 'paused') return undefined;
  const { pause } = await remembered(deps, issue);
  return pause && { ...pause, at: new Date(pause.at) };
}

/** From when on the replies to an issue are judged; `undefined`: from the first. */
export async function judgedSince(deps: AppContext, issue: Issue): Promise<Date | undefined> {
  const { judgedSince: since } = await remembered(deps, issue);
  return since === undefined ? undefined : new Date(since);
}

/** A person goes on with the issue: the reason is over, and what came before is judged no more. */
export async function forgetPauseReason(deps: AppContext, issue: Pick<Issue, 'id'>): Promise<void> {
  if ((await deps.store.shared.read(keyOf(issue))) === undefined) return;
  const after: Remembered = { judgedSince: deps.clock.now().getTime() };
  await deps.store.shared.change(keyOf(issue), () => ({ after, result: undefined }));
}
