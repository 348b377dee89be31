/** Follows the links of an issue when an editor asks for it. */
import type { StudioParts } from '../parts.js';

export function openLinkActions(
  { live, linkChecks, changes }: Pick<StudioParts, 'live' | 'linkChecks' | 'changes'>,
  signal: AbortSignal,
) {
  return {
    /** Requests every link and image of every edition; the page of checks shows the findings. */
    async follow(newsletter: string): Promise<void> {
      const issue = await live.issue(newsletter);
      const editions = live.rendered(issue, issue.planned.editions);
      const { checkWeb, clock } = live.app();
      const at = clock.now();
      linkChecks.set(newsletter, { at, findings: await checkWeb(issue.draft, editions, signal) });
      changes.notify();
    },
  };
}
