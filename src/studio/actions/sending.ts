/** Sends the issue or a test, and continues, pauses or cancels an issue that is being sent. */

import { GazetteError } from '../../domain/errors.js';
import type { Newsletter } from '../../domain/newsletter.js';
import { issueNumbered } from '../../issue/cancel.js';
import { shownSections } from '../live-issue.js';
import { requireLedger, type StudioParts } from '../parts.js';
import { shownContent } from '../shown-content.js';

/** Every `token` is that of the page the form was on. */
export function openSendingActions({
  live,
  runs,
  submissions,
  testResults,
  changes,
}: Pick<StudioParts, 'live' | 'runs' | 'submissions' | 'testResults' | 'changes'>) {
  /** Freezes and sends the content that the editor confirmed, and nothing else. */
  function send(newsletter: string, shown: string, token?: string): Promise<void> {
    return submissions.once(token, `send ${newsletter} ${shown}`, async () => {
      requireLedger(live);
      runs.requireServer();
      await live.refresh();
      const issue = await live.issue(newsletter);
      if (shownContent(issue) !== shown) {
        throw new GazetteError('issue.state', 'The issue has changed since this page was loaded.', {
          hint: 'Look again, then send.',
        });
      }
      const { sending } = live.app();
      sending.refuseUnready(issue.newsletter);
      testResults.delete(newsletter);
      const sections = shownSections(issue);
      const titles = JSON.stringify(sections.map(({ key, posts }) => [key, posts.map(({ title }) => title)]));
      runs.start(newsletter, async (signal) => {
        const report = await sending.sendNext({
          newsletter: issue.newsletter,
          signal,
          // Every source is read again before the freeze, so the content is compared once more.
          confirm: async (plan) => JSON.stringify(plan.sections.map(({ key, posts }) => [key, posts])) === titles,
        });
        return report.kind === 'sent' ? report : `Nothing was sent: ${NO_ISSUE[report.kind]}.`;
      });
    });
  }

  function sendTest(newsletter: string, address: string, token?: string): Promise<void> {
    return submissions.once(token, `test ${newsletter} ${address}`, async () => {
      const report = await live.app().sending.sendTest({
        newsletter: live.newsletter(newsletter),
        testTo: address,
      });
      const result =
        report.kind !== 'tested'
          ? `There is no issue to test: ${NO_ISSUE[report.kind]}.`
          : report.outcome === 'accepted'
            ? `The test was sent to ${report.to}: [Test] ${report.subject}`
            : `The test was not delivered to ${report.to}: ${report.outcome}, ${report.reply}`;
      testResults.set(newsletter, result);
      changes.notify();
    });
  }

  /** Throws `issue.state` for an issue whose readers are waiting for mail that would go to the studio's inbox. */
  async function requireUnblocked(newsletter: Newsletter, number: number): Promise<void> {
    const blocked = runs.blockedReason(await issueOf(newsletter, number));
    if (blocked === undefined) return;
    throw new GazetteError('issue.state', `Issue ${number} cannot be continued from here. ${blocked}`, {
      hint: `Set SMTP_URL, or continue where the issue was sent: \`gazette issue resume ${number}\`, \`gazette issue resend ${number}\`.`,
    });
  }

  function issueOf(newsletter: Newsletter, number: number) {
    return issueNumbered(live.app().store.ledger, newsletter, number);
  }

  /** An action on one issue, done once for each token. */
  function onIssue(name: string, work: (newsletter: Newsletter, number: number) => Promise<unknown>) {
    return (newsletter: string, number: number, token?: string): Promise<void> =>
      submissions.once(token, `${name} ${newsletter} ${number}`, async () => {
        await work(live.newsletter(newsletter), number);
        changes.notify();
      });
  }

  const pause = onIssue('pause', async (newsletter, number) => {
    const { state } = await issueOf(newsletter, number);
    if (state !== 'paused') await live.app().sending.pause(newsletter, number);
  });

  const cancel = onIssue('cancel', async (newsletter, number) => {
    const { state } = await issueOf(newsletter, number);
    if (state !== 'cancelled') await live.app().issues.cancel(newsletter, number);
  });

  const resume = onIssue('resume', async (newsletter, number) => {
    await requireUnblocked(newsletter, number);
    const { sending } = live.app();
    const { state } = await issueOf(newsletter, number);
    if (state === 'sending' && runs.isRunning(newsletter.id)) return;
    runs.start(newsletter.id, (signal) => sending.resume(newsletter, number, { signal }));
  });

  const resend = (only: 'rejected' | 'unknown') =>
    onIssue(`resend-${only}`, async (newsletter, number) => {
      await requireUnblocked(newsletter, number);
      const { sending } = live.app();
      runs.start(newsletter.id, (signal) => sending.resend(newsletter, number, only, { signal }));
    });

  /** Plans again the readers whose refusals paused the issue. */
  const returnRefused = onIssue('return', async (newsletter, number) => {
    await requireUnblocked(newsletter, number);
    await live.app().sending.returnRefused(newsletter, number, 'paused-for');
  });

  return {
    send,
    sendTest,
    pause,
    cancel,
    resume,
    resendRejected: resend('rejected'),
    resendUnknown: resend('unknown'),
    returnRefused,
  };
}

const NO_ISSUE = {
  'no-readers': 'the newsletter has no reader who may get a mail',
  declined: 'the issue changed at the last moment; look again',
  'nothing-new': 'there are no new posts',
  'nothing-wished': 'no reader has chosen a category with new posts',
  'too-few': 'there are fewer posts than minPosts, so they wait for the next issue',
} as const;
