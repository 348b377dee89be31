/** Asks before an issue is sent, and shows what is sent to how many readers. */

import { fillSegments } from '../../domain/edition.js';
import { shownSections } from '../live-issue.js';
import type { StudioPage } from '../page.js';
import { requireLedger } from '../parts.js';
import { newsletterPath } from '../paths.js';
import type { Destination } from '../runs.js';
import { shownContent } from '../shown-content.js';
import { type ApprovalView, approvalView } from '../views/approval-view.js';
import { amount, type Confirmation } from '../views/confirmation.js';
import { type ReadersView, readersView } from '../views/readers-view.js';

export interface ConfirmSendView {
  readonly number: number;
  readonly subject: string | null;
  readonly readers: ReadersView;
  readonly sections: readonly { readonly title: string; readonly posts: readonly { readonly title: string }[] }[];
  readonly destination: Destination;
  readonly approval: ApprovalView | null;
  readonly isNotApproved: boolean;
  readonly confirmation: Confirmation;
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
    live.app().sending.refuseUnready(issue.newsletter);
    const { full, newsletter, approval, draft } = issue;
    const readers = readersView(issue);
    const path = newsletterPath(newsletter.id);
    return {
      number: draft.number,
      subject: full ? fillSegments((await live.render(issue, full)).mail.subject, NO_VALUES) : null,
      readers,
      sections: shownSections(issue),
      destination: runs.destination(),
      approval: approvalView(issue),
      isNotApproved: approval !== undefined && approval.state !== 'approved',
      confirmation: {
        id: 'send',
        action: `${path}/send`,
        focus: 'sending next main',
        fields: [{ name: 'shown', value: shownContent(issue) }],
        confirmLabel: `Send to ${amount(readers.planned, 'reader')}`,
        cancelLabel: 'Not now',
        isDanger: false,
      },
      back: `${path}/send`,
    };
  },
};

const NO_VALUES = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };
