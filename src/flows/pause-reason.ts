/** Why the program itself paused an issue: kept until a person goes on with it, for everything that shows the issue. */
import type { Issue } from '../domain/issue.js';
import type { RefusalVerdict } from '../domain/refusals.js';
import { likeText } from '../domain/refusals.js';
import type { House } from './house.js';

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

async function remembered(house: House, issue: Pick<Issue, 'id'>): Promise<Remembered> {
  return ((await house.store.shared.read(keyOf(issue))) as Remembered | undefined) ?? {};
}

/** Keeps why an issue is about to be paused. */
export async function keepPauseReason(
  house: House,
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
  const at = house.clock.now();
  await house.store.shared.change(keyOf(issue), (before) => ({
    after: { ...(before as Remembered | undefined), pause: { ...kept, at: at.getTime() } },
    result: undefined,
  }));
  return { ...kept, at };
}

/** Why an issue is paused; `undefined` when it is not, or a person paused it. */
export async function pauseReasonOf(house: House, issue: Issue): Promise<PauseReason | undefined> {
  if (issue.state !== 'paused') return undefined;
  const { pause } = await remembered(house, issue);
  return pause && { ...pause, at: new Date(pause.at) };
}

/** From when on the replies to an issue are judged; `undefined`: from the first. */
export async function judgedSince(house: House, issue: Issue): Promise<Date | undefined> {
  const { judgedSince: since } = await remembered(house, issue);
  return since === undefined ? undefined : new Date(since);
}

/** A person goes on with the issue: the reason is over, and what came before is judged no more. */
export async function forgetPauseReason(house: House, issue: Pick<Issue, 'id'>): Promise<void> {
  if ((await house.store.shared.read(keyOf(issue))) === undefined) return;
  const after: Remembered = { judgedSince: house.clock.now().getTime() };
  await house.store.shared.change(keyOf(issue), () => ({ after, result: undefined }));
}
