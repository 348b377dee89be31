/** An editor's answer to a source that lists suspiciously few posts (rule: withdrawn). */
import { GazetteError } from '../../domain/errors.js';
import type { StudioParts } from '../parts.js';

export function openSourceActions({ live, submissions }: Pick<StudioParts, 'live' | 'submissions'>) {
  return {
    /**
     * Withdraws the posts that the page showed as missing.
     * @param since names the suspicion the page showed
     */
    acceptWithdrawals: (newsletter: string, source: string, since: string, token?: string): Promise<void> =>
      submissions.once(token, `accept ${source} ${since}`, async () => {
        const { suspicions } = await live.issue(newsletter);
        const suspicion = suspicions.find((each) => each.source === source && String(each.since) === since);
        if (!suspicion) {
          throw new GazetteError('issue.state', `The listing of “${source}” has changed since this page was loaded.`, {
            hint: 'Look at the issue again, then answer.',
          });
        }
        try {
          await live.app().issues.acceptWithdrawals(source, suspicion.missing);
        } finally {
          await live.refresh();
        }
      }),
  };
}
