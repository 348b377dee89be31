/** Approve the issue, send a test, send it, and follow how it is sent. */
import type { StudioPage } from '../page.js';
import type { Destination } from '../runs.js';
import { type ApprovalView, approvalView } from '../views/approval-view.js';
import { type SendingView, sendingView } from '../views/sending-view.js';

export interface SendView {
  readonly approval: ApprovalView | null;
  /** Whether this workspace can approve and send. */
  readonly canAct: boolean;
  readonly destination: Destination;
  readonly outcome: 'issue' | 'nothing-new' | 'too-few';
  readonly number: number;
  /** The issue being sent, or else the latest one. */
  readonly sending: SendingView | null;
  readonly isRunning: boolean;
  /** How the last run ended. */
  readonly runMessage: string | null;
  readonly testResult: string | null;
}

export const sendPage: StudioPage<SendView> = {
  kind: 'page',
  path: '/n/:newsletter/send',
  template: 'send',
  tab: 'send',
  async view({ live, runs, sendRates, testResults }, { param, now }) {
    const issue = await live.issue(param('newsletter'));
    const { id } = issue.newsletter;
    const { ledger } = live.app().store;
    const open = (await ledger.unfinishedIssues()).filter(({ newsletter }) => newsletter === id).at(-1);
    const last = open ?? (await ledger.issues(id)).at(-1);
    const rate = open && sendRates(open.id, await ledger.counts(open.id), now);
    return {
      approval: approvalView(issue),
      canAct: !live.isWithoutLedger(),
      destination: runs.destination(),
      outcome: issue.draft.selection.outcome,
      number: issue.draft.number,
      sending: last ? await sendingView({ live, runs }, last, rate) : null,
      isRunning: runs.isRunning(id),
      runMessage: runs.lastMessage(id) ?? null,
      testResult: testResults.get(id) ?? null,
    };
  },
};
