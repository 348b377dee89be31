/** Exit statuses (rule: exit-codes). */
import { type ErrorCode, GazetteError } from '../domain/errors.js';

export const EXIT = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  nothingToDo: 3,
  needsAPerson: 4,
  /** EX_TEMPFAIL of sysexits.h, which mail servers understand: the mail is kept and comes again. */
  tryAgain: 75,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const WRONG_USE: readonly ErrorCode[] = ['usage', 'config.missing-newsletter', 'config.no-workspace', 'send.now'];
const NEEDS_A_PERSON: readonly ErrorCode[] = ['send.stopped', 'store.copy'];

/** The exit status of an error. */
export function exitCodeFor(error: unknown): ExitCode {
  if (!(error instanceof GazetteError)) return EXIT.failed;
  if (WRONG_USE.includes(error.code)) return EXIT.wrongUse;
  return NEEDS_A_PERSON.includes(error.code) ? EXIT.needsAPerson : EXIT.failed;
}
