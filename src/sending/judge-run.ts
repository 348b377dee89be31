/** What refusals of earlier runs mean for the next one, and the pause that too many of them cause (rule: whose-fault). */
import type { Issue } from '../domain/issue.js';
import { type PauseReason, pauseText } from '../domain/pause-reason.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Note } from '../domain/ports/mail.js';
import {
  judgeAnswer,
  NO_ANSWERS,
  REFUSAL_FIGURES,
  type RefusalRecord,
  type RefusalVerdict,
} from '../domain/refusals.js';
import type { PauseReasons } from './pause-reason.js';

export interface RunJudgeDeps {
  readonly ledger: Pick<Ledger, 'answers' | 'setState'>;
  readonly pauseReasons: Pick<PauseReasons, 'judgedSince' | 'keep' | 'keepWords'>;
  /** Notifies the editor, once for each note. */
  notifyEditor(note: Note): Promise<void>;
}

export type RunJudge = ReturnType<typeof openRunJudge>;

export function openRunJudge({ ledger, pauseReasons, notifyEditor }: RunJudgeDeps) {
  /** What servers replied to earlier runs of an issue, so that a run that ended early does not reset the count. */
  async function earlierAnswers(issue: Issue): Promise<RefusalRecord> {
    const since = await pauseReasons.judgedSince(issue);
    const { accepted, refused, latest } = await ledger.answers(issue.id, since);
    // Earlier deferrals prove nothing: greylisting defers every recipient once.
    const rejections = latest.filter(({ kind }) => kind === 'rejected');
    const record = rejections.reduce((before, refusal) => judgeAnswer(before, refusal).record, NO_ANSWERS);
    const { ours: _, ...before } = record;
    const answered = accepted + refused;
    const first = since || answered >= REFUSAL_FIGURES.first ? undefined : record.first;
    return { ...before, accepted, answered, sure: 0, unknown: 0, first };
  }

  /** Pauses an issue until a person resumes it; `undefined` when it is not being sent any more. */
  async function pause(issue: Issue, verdict: RefusalVerdict): Promise<PauseReason | undefined> {
    const reason = await pauseReasons.keep(issue, verdict);
    if (!(await ledger.setState(issue.id, ['sending'], 'paused'))) return undefined;
    await notifyEditor(noteOnPause(issue, reason));
    return reason;
  }

  /** Pauses an issue that is being sent for what came back of it; false when it is not being sent any more. */
  async function pauseFor(issue: Issue, reason: string, advice: string): Promise<boolean> {
    const kept = await pauseReasons.keepWords(issue, { reason, advice });
    if (!(await ledger.setState(issue.id, ['sending'], 'paused'))) return false;
    await notifyEditor(noteOnPause(issue, kept));
    return true;
  }

  return { earlierAnswers, pause, pauseFor };
}

function noteOnPause(issue: Issue, reason: PauseReason): Note {
  const { newsletter, number } = issue;
  return {
    id: `${newsletter} #${number} paused ${reason.at.toISOString()}`,
    subject: `${newsletter}: sending issue ${number} has stopped`,
    text: `${pauseText(issue, reason)} Nothing more of it is sent until then.`,
  };
}
