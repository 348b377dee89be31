/** Asks before an issue is sent, and shows what is sent to how many readers. */

import { fillSegments } from '../../domain/edition.js';
import { shownSections } from '../live-issue.js';
import type { StudioPage } from '../page.js';
import { requireLedger } from '../parts.js';
import { newsletterPath } from '../paths.js';
import type { Destination } from '../runs.js';
import { shownContent } from '../shown-content.js';
import { type ApprovalView, approvalView } from '../views/approval-view.js';
import { issueFindings } from '../views/checks-view.js';
import { amount, type Confirmation } from '../views/confirmation.js';
import { type ReadersView, readersView } from '../views/readers-view.js';

export interface ConfirmSendView {
  readonly number: number;
  readonly title: string;
  readonly subject: string | null;
  readonly readers: ReadersView;
  readonly sections: readonly { readonly title: string; readonly posts: readonly { readonly title: string }[] }[];
  readonly destination: Destination;
  /** Posts that cannot be read, each with its place: they are not in the issue. */
  readonly broken: readonly string[];
  /** Sources that could not be read. */
  readonly failed: readonly string[];
  /** What the checks call an error, each with its place. */
  readonly errors: readonly string[];
  readonly checks: string;
  readonly approval: ApprovalView | null;
  readonly isNotApproved: boolean;
  /** Null if there is nothing to send, for example because it has been sent since. */
  readonly confirmation: Confirmation | null;
  readonly back: string;
}

export const confirmSendPage: StudioPage<ConfirmSendView> = {
  kind: 'page',
  path: '/n/:newsletter/send/confirm',
  template: 'confirm-send',
  tab: 'send',
  async view({ live, runs }, { param }) {
    const issue = await live.issue(param('newsletter'));
    requireLedger(live);
    runs.requireServer();
    live.app().sending.refuseUnready(issue.newsletter);
    const { full, newsletter, approval, draft } = issue;
    const readers = readersView(issue);
    const path = newsletterPath(newsletter.id);
    const destination = runs.destination();
    const findings = [
      ...(await live.app().checks.theme(newsletter.theme)),
      ...(await issueFindings(live, issue, issue.planned.editions.slice(0, MOST_CHECKED))),
    ];
    const errors = findings.filter(({ level }) => level === 'error');
    const isIssue = draft.selection.outcome === 'issue';
    return {
      number: draft.number,
      title: isIssue ? `Send issue ${draft.number} now?` : 'There is nothing to send',
      subject: full ? fillSegments((await live.render(issue, full)).mail.subject, NO_VALUES) : null,
      readers,
      sections: shownSections(issue),
      destination,
      broken: issue.broken.map(({ where, message }) => `${where}: ${message}`),
      failed: issue.failed.map(({ source }) => source),
      errors: errors.map(({ where, message }) => `${where}: ${message}`),
      checks: `${path}/checks`,
      approval: approvalView(issue),
      isNotApproved: isIssue && approval !== undefined && approval.state !== 'approved',
      confirmation: isIssue
        ? {
            id: 'send',
            action: `${path}/send`,
            focus: 'sending next main',
            fields: [{ name: 'shown', value: shownContent(issue) }],
            confirmLabel: `Send to ${amount(readers.planned, 'reader')} ${destination.way}`.trim(),
            cancelLabel: 'Not now',
            isDanger: false,
          }
        : null,
      back: `${path}/send`,
    };
  },
};

/** The page of checks looks at every edition. */
const MOST_CHECKED = 50;

const NO_VALUES = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };
