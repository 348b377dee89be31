/** What only a person can settle: one list for the status, monitors, the studio and the editor's notes (rule: open-questions). */
import { acceptCommand } from './collecting.js';
import { issueCommand } from './issue.js';
import { momentText } from './moment-text.js';
import { type PauseReason, pauseText } from './pause-reason.js';

export type OpenQuestion = SendingQuestion | NewsletterQuestion | SourceQuestion | ClockQuestion;

/** About an issue that is being sent, or was sent last. */
export type SendingQuestion = { readonly newsletter: string; readonly issue: number } & (
  | { readonly kind: 'paused'; readonly reason?: PauseReason }
  /** Deliveries are due, and no process sends them. */
  | { readonly kind: 'not-being-sent'; readonly deliveries: number }
  | { readonly kind: 'unknown-outcomes'; readonly deliveries: number }
);

/** About an issue that is not frozen yet. */
export type NewsletterQuestion = { readonly newsletter: string } & (
  | { readonly kind: 'waiting'; readonly occurrence: Date; readonly text: string }
  | { readonly kind: 'arrangement' | 'renamed'; readonly text: string }
);

export type SourceQuestion = { readonly source: string } & (
  | { readonly kind: 'source-failing'; readonly failures: number; readonly text: string }
  | { readonly kind: 'posts-missing'; readonly missing: number; readonly of: number }
);

/** About the clock of the machine (rule: clock). */
export type ClockQuestion = { readonly kind: 'clock'; readonly believed: Date; readonly says: Date };

/** Every kind of question, for a metric that also shows a zero. */
export const QUESTION_KINDS: readonly OpenQuestion['kind'][] = [
  'paused',
  'not-being-sent',
  'unknown-outcomes',
  'waiting',
  'arrangement',
  'renamed',
  'source-failing',
  'posts-missing',
  'clock',
];

/** What the question is and how to settle it, in whole sentences. */
export function questionText(question: OpenQuestion): string {
  switch (question.kind) {
    case 'paused':
      return pausedText(question);
    case 'not-being-sent':
      return `${nameOf(question)}: ${readers(question.deliveries)} still to be mailed, and no process is sending. Start \`gazette serve\`, or run ${commandFor('resume', question)}.`;
    case 'unknown-outcomes':
      return `${nameOf(question)}: for ${readers(question.deliveries)} it is not known whether the mail arrived. ${commandFor('resend', question, '--only unknown')} sends it once more; ${commandFor('show', question)} lists these readers.`;
    case 'source-failing':
      return `The source “${question.source}” failed ${question.failures} times in a row: ${question.text}`;
    case 'posts-missing':
      return `The source “${question.source}” does not list ${question.missing} of the ${question.of} posts that could be sent. They are not sent, and count as withdrawn once two more readings agree. If they are really gone, run \`${acceptCommand(question.source)}\`.`;
    case 'clock':
      return `The clock of this machine says ${textOf(question.says)}, and the service last ran at ${textOf(question.believed)}. Nothing is made, sent or deleted until it has said so for ten minutes. If it is wrong, correct it.`;
    default:
      return `${question.newsletter}: ${question.text}`;
  }
}

function textOf(moment: Date): string {
  return momentText(moment, 'UTC');
}

function pausedText(question: SendingQuestion & { readonly kind: 'paused' }): string {
  const { newsletter, issue: number, reason } = question;
  if (reason) return `${nameOf(question)} is paused: ${pauseText({ newsletter, number }, reason)}`;
  return `${nameOf(question)} was paused by a person. ${commandFor('resume', question)} continues sending.`;
}

function nameOf({ newsletter, issue }: SendingQuestion): string {
  return `${newsletter}, issue ${issue}`;
}

function commandFor(verb: string, { newsletter, issue: number }: SendingQuestion, options?: string): string {
  return issueCommand(verb, { newsletter, number }, options);
}

function readers(count: number): string {
  return count === 1 ? '1 reader' : `${count.toLocaleString('en')} readers`;
}
