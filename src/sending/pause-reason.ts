/** Keeps why the program paused an issue, until a person resumes it. */
import { maskedAddressesIn } from '../domain/address.js';
import type { Issue } from '../domain/issue.js';
import type { PauseReason } from '../domain/pause-reason.js';
import type { Clock } from '../domain/ports/host.js';
import type { SharedState } from '../domain/ports/storage.js';
import { likeText, type RefusalVerdict } from '../domain/refusals.js';

/** As it is stored. */
interface Kept {
  readonly pause?: Omit<PauseReason, 'at'> & { readonly at: number };
  /** When a person last resumed the issue: earlier replies do not count any more. Epoch milliseconds. */
  readonly judgedSince?: number;
}

export interface PauseReasonsDeps {
  readonly shared: SharedState;
  readonly clock: Pick<Clock, 'now'>;
}

export type PauseReasons = ReturnType<typeof openPauseReasons>;

export function openPauseReasons({ shared, clock }: PauseReasonsDeps) {
  const keyOf = ({ id }: Pick<Issue, 'id'>) => `refusals of issue ${id}`;

  async function kept(issue: Pick<Issue, 'id'>): Promise<Kept | undefined> {
    return (await shared.read(keyOf(issue))) as Kept | undefined;
  }

  /** Keeps the reason of a pause that is about to begin. */
  async function keep(issue: Pick<Issue, 'id'>, { reason, refusal }: RefusalVerdict): Promise<PauseReason> {
    const { code, enhanced, text } = refusal.reply;
    // Servers quote the address they refuse, and this is sent by mail and webhook, and kept after a reader is erased.
    const reply = [code, enhanced, maskedAddressesIn(text)].filter((part) => part !== undefined).join(' ');
    const pause = {
      reason: `${reason}: “${reply}”.`,
      ...(refusal.advice !== undefined && { advice: refusal.advice }),
      scope: refusal.scope,
      like: likeText(refusal.reply),
    };
    return keepPause(issue, pause);
  }

  /** The same for what came back of it. */
  function keepWords(issue: Pick<Issue, 'id'>, words: { readonly reason: string; readonly advice: string }) {
    return keepPause(issue, { ...words, scope: 'feedback', like: 'feedback' });
  }

  async function keepPause(issue: Pick<Issue, 'id'>, pause: Omit<PauseReason, 'at'>): Promise<PauseReason> {
    const at = clock.now();
    await shared.change(keyOf(issue), (before) => ({
      after: { ...(before as Kept | undefined), pause: { ...pause, at: at.getTime() } } satisfies Kept,
      result: undefined,
    }));
    return { ...pause, at };
  }

  /** Why the program paused an issue; `undefined` when it is not paused, or a person paused it. */
  async function read(issue: Pick<Issue, 'id' | 'state'>): Promise<PauseReason | undefined> {
    if (issue.state !== 'paused') return undefined;
    const pause = (await kept(issue))?.pause;
    return pause && { ...pause, at: new Date(pause.at) };
  }

  /** The moment from which on replies count; `undefined` where all count. */
  async function judgedSince(issue: Pick<Issue, 'id'>): Promise<Date | undefined> {
    const since = (await kept(issue))?.judgedSince;
    return since === undefined ? undefined : new Date(since);
  }

  /** Called when a person resumes the issue: the reason is gone, and earlier replies do not count any more. */
  async function forget(issue: Pick<Issue, 'id'>): Promise<void> {
    if (!(await kept(issue))) return;
    const after: Kept = { judgedSince: clock.now().getTime() };
    await shared.change(keyOf(issue), () => ({ after, result: undefined }));
  }

  return { keep, keepWords, read, judgedSince, forget };
}
