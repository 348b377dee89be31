/** An editor's answer to an issue (rule: approval). */
import { GazetteError } from '../../domain/errors.js';
import type { StudioParts } from '../parts.js';
import { requireLedger } from '../parts.js';

/** The content and the number of answers that a page showed. */
export interface SeenIssue {
  /** In ISO 8601. */
  readonly occurrence: string;
  readonly shown: string;
  readonly answers: number;
}

/** The answer a page showed. */
export interface SeenAnswer {
  /** When it was given, in ISO 8601. */
  readonly at: string;
}

export function openApprovalActions({
  live,
  submissions,
  editor,
}: Pick<StudioParts, 'live' | 'submissions' | 'editor'>) {
  /** Approves or vetoes the occurrence and the content that the page showed, unless it was answered since. */
  function answer(newsletter: string, verdict: 'approved' | 'vetoed', seen: SeenIssue, token?: string): Promise<void> {
    return submissions.once(
      token,
      `${verdict} ${newsletter} ${seen.occurrence} ${seen.shown} ${seen.answers}`,
      async () => {
        await live.issue(newsletter);
        requireLedger(live);
        const occurrence = new Date(seen.occurrence);
        if (Number.isNaN(occurrence.getTime())) throw new GazetteError('usage', 'The form names no issue.');
        try {
          const given = { verdict, by: editor, occurrence, shown: seen.shown, answers: seen.answers };
          await live.app().approval.answer(live.newsletter(newsletter), given);
        } finally {
          // After a refusal, too, the page is shown again as things are now.
          await live.refresh();
        }
      },
    );
  }

  /** Withdraws the answer that the page showed, or the present one if none is named. */
  function withdraw(newsletter: string, seen?: SeenAnswer, token?: string): Promise<void> {
    return submissions.once(token, `withdraw ${newsletter} ${seen?.at}`, async () => {
      const { approval } = live.app();
      const { at } = await approval.read(live.newsletter(newsletter));
      if (seen && at && at.toISOString() !== seen.at) {
        throw new GazetteError('issue.state', 'Another answer has been given since this page was loaded.', {
          hint: 'Look again, then decide.',
        });
      }
      await approval.withdraw(live.newsletter(newsletter), editor);
      await live.refresh();
    });
  }

  return { answer, withdraw };
}
