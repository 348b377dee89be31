/** Questions before an action that cannot be undone, or that undoes another. */

import { answersGiven } from '../../approval/answer.js';
import { type DeliveryCounts, mayHaveArrivedCount, unsentCount } from '../../domain/delivery.js';
import type { StudioPage, Tab } from '../page.js';
import { issuePath, newsletterPath } from '../paths.js';
import type { StudioApp } from '../ports.js';
import { amount, type Confirmation } from '../views/confirmation.js';

export interface QuestionView {
  readonly title: string;
  readonly lines: readonly string[];
  /** Null if there is nothing left to do. */
  readonly confirmation: Confirmation | null;
  readonly back: string;
  /** Instead of the page's own. */
  readonly tab?: Tab;
}

export const vetoPage: StudioPage<QuestionView> = {
  kind: 'page',
  path: '/n/:newsletter/send/veto',
  template: 'question',
  tab: 'send',
  async view({ live }, { param }) {
    const { approval, draft, newsletter } = await live.issue(param('newsletter'));
    const back = `${newsletterPath(newsletter.id)}/send`;
    if (!approval || approval.state === 'vetoed' || draft.selection.outcome !== 'issue') {
      return { title: 'There is nothing to veto', lines: [], confirmation: null, back };
    }
    return {
      title: `Veto issue ${draft.number}?`,
      lines: ['It will not be sent; its posts wait for the next issue.', 'Until then you can withdraw the veto.'],
      confirmation: {
        ...answerForm(newsletter.id),
        fields: [
          { name: 'answer', value: 'vetoed' },
          { name: 'occurrence', value: approval.occurrence.toISOString() },
          { name: 'shown', value: approval.shown },
          { name: 'answers', value: `${answersGiven(approval)}` },
        ],
        confirmLabel: `Veto issue ${draft.number}`,
        cancelLabel: 'Do not veto',
        isDanger: true,
      },
      back,
    };
  },
};

export const withdrawPage: StudioPage<QuestionView> = {
  kind: 'page',
  path: '/n/:newsletter/send/withdraw',
  template: 'question',
  tab: 'send',
  async view({ live }, { param }) {
    const { approval, draft, newsletter } = await live.issue(param('newsletter'));
    const back = `${newsletterPath(newsletter.id)}/send`;
    if (!approval?.at || (approval.state !== 'approved' && approval.state !== 'vetoed')) {
      return { title: 'There is no answer to withdraw', lines: [], confirmation: null, back };
    }
    const answer = approval.state === 'vetoed' ? 'veto' : 'approval';
    return {
      title: `Withdraw the ${answer} of issue ${draft.number}?`,
      lines: [
        answer === 'veto'
          ? 'The issue waits for an answer again.'
          : 'The issue is no longer approved. If it has been made already, it is cancelled, unless one of its messages has been sent.',
      ],
      confirmation: {
        ...answerForm(newsletter.id),
        fields: [
          { name: 'answer', value: 'withdrawn' },
          { name: 'at', value: approval.at.toISOString() },
        ],
        confirmLabel: `Withdraw the ${answer}`,
        cancelLabel: `Keep the ${answer}`,
        isDanger: true,
      },
      back,
    };
  },
};

function answerForm(newsletter: string) {
  return { id: 'answer', action: `${newsletterPath(newsletter)}/answer`, focus: 'approval main' };
}

/** `?back=history` returns to the page of the issue instead of the page of sending. */
export const issueQuestionPage: StudioPage<QuestionView> = {
  kind: 'page',
  path: '/n/:newsletter/issues/:number{[0-9]+}/:action{cancel|return|resend-rejected|resend-unknown}',
  template: 'question',
  tab: 'send',
  async view({ live }, { param, query }) {
    const newsletter = live.newsletter(param('newsletter'));
    const { id } = newsletter;
    const { issue, counts } = await live.app().sending.show(newsletter, Number(param('number')));
    const action = param('action') as IssueAction;
    const { number } = issue;
    const isFromHistory = query.get('back') === 'history';
    const origin = isFromHistory
      ? ({ back: issuePath(id, number), tab: 'history' } as const)
      : { back: `${newsletterPath(id)}/send` };
    const again = await live.app().sending.resendable(issue);
    const { isPossible, ...question } = ISSUE_QUESTIONS[action](number, counts, again);
    if (issue.state === 'cancelled' || (action === 'cancel' && issue.state === 'done')) {
      return { title: `Issue ${number} is ${issue.state}`, lines: [], confirmation: null, ...origin };
    }
    if (!isPossible) {
      return { title: 'There is no reader left to send it to', lines: [], confirmation: null, ...origin };
    }
    const { title, lines, ...labels } = question;
    return {
      title,
      lines,
      confirmation: {
        id: action,
        action: `${issuePath(id, number)}/${action}`,
        focus: 'sending main',
        fields: [{ name: 'back', value: isFromHistory ? 'history' : '' }],
        ...labels,
        isDanger: true,
      },
      ...origin,
    };
  },
};

type Resendable = Awaited<ReturnType<StudioApp['sending']['resendable']>>;

type IssueAction = 'cancel' | 'return' | 'resend-rejected' | 'resend-unknown';

type IssueQuestion = (
  number: number,
  counts: DeliveryCounts,
  again: Resendable,
) => Omit<QuestionView, 'confirmation' | 'back'> &
  Pick<Confirmation, 'confirmLabel' | 'cancelLabel'> & { readonly isPossible: boolean };

const ISSUE_QUESTIONS: { readonly [action in IssueAction]: IssueQuestion } = {
  cancel: (number, counts) => {
    const left = unsentCount(counts);
    const begun = mayHaveArrivedCount(counts) + counts.rejected;
    const unsent =
      left === 0 ? 'No reader is waiting for it any more' : `${amount(left, 'reader')} will not receive it`;
    return {
      isPossible: true,
      title: `Cancel issue ${number}?`,
      lines: [
        begun === 0
          ? 'None of its messages has been sent. Its posts are carried over to the next issue.'
          : `${unsent}, and its posts are not carried over. Messages already sent cannot be recalled.`,
        'A cancelled issue cannot be resumed.',
      ],
      confirmLabel: `Cancel issue ${number}`,
      cancelLabel: 'Do not cancel',
    };
  },
  return: (number) => ({
    isPossible: true,
    title: `Plan the refused readers of issue ${number} again?`,
    lines: [
      'The refusals that paused it are about the sender, not about these readers. They are planned again, and suppressions caused by these refusals are lifted.',
      'Nothing is sent until you resume the issue.',
    ],
    confirmLabel: 'Plan them again',
    cancelLabel: 'Not now',
  }),
  'resend-rejected': (number, counts, { rejected }) => ({
    isPossible: rejected > 0,
    title: `Send issue ${number} again to readers whose servers rejected it?`,
    lines: [
      `It was rejected for ${amount(counts.rejected, 'reader')}. It is sent once more to ${
        rejected === counts.rejected
          ? 'each of them'
          : `${rejected} of them; the others are suppressed, paused or unsubscribed`
      }.`,
    ],
    confirmLabel: `Send to ${amount(rejected, 'reader')}`,
    cancelLabel: 'Not now',
  }),
  'resend-unknown': (number, _, { unknown }) => ({
    isPossible: unknown > 0,
    title: `Send issue ${number} again to readers with an unknown outcome?`,
    lines: [`It is not known whether ${amount(unknown, 'reader')} received it.`, 'Some of them may receive it twice.'],
    confirmLabel: `Send to ${amount(unknown, 'reader')}`,
    cancelLabel: 'Not now',
  }),
};

export const clearInboxPage: StudioPage<QuestionView> = {
  kind: 'page',
  path: '/inbox/clear',
  template: 'question',
  tab: 'inbox',
  async view({ inbox }) {
    const count = inbox.required().mails().length;
    if (count === 0) return { title: 'The inbox is empty', lines: [], confirmation: null, back: '/inbox' };
    return {
      title: 'Delete all mails in the inbox?',
      lines: [`${amount(count, 'mail')} will be deleted for good. The ledger does not change.`],
      confirmation: {
        id: 'clear',
        action: '/inbox/clear',
        focus: 'inbox main',
        fields: [],
        confirmLabel: 'Delete all',
        cancelLabel: 'Keep them',
        isDanger: true,
      },
      back: '/inbox',
    };
  },
};
