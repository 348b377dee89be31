/** What is asked before an act that cannot be undone, or that undoes another: a page with a question, and its answer. */
import type { DeliveryCounts } from '../domain/delivery.js';
import { issuesPath, pathOf, type StudioContext } from './context.js';

/** The form that says yes; its button stands where no page has the one that led here. */
export interface AnswerForm {
  readonly id: string;
  readonly action: string;
  /** Ids of what gets the focus afterwards, the first there is. */
  readonly focus: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly yes: string;
  readonly no: string;
  readonly isDanger: boolean;
}

interface Question {
  readonly title: string;
  readonly lines: readonly string[];
  /** Null where there is nothing to do any more. */
  readonly answer: AnswerForm | null;
  readonly back: string;
}

export const ISSUE_QUESTIONS = ['return', 'cancel', 'resend-rejected', 'resend-unknown'] as const;
export type IssueQuestion = (typeof ISSUE_QUESTIONS)[number];

export function openQuestions(room: StudioContext) {
  const { live, frame, named } = room;

  async function page(newsletter: string, tab: 'send' | 'history' | 'inbox', question: Question) {
    return { ...(await frame(newsletter, tab)), timezone: 'UTC', ...question };
  }

  return {
    async vetoQuestion(newsletter: string) {
      const { approval, draft } = await live.issue(newsletter);
      const back = `${pathOf(newsletter)}/send`;
      const isOpen = approval !== undefined && approval.state !== 'vetoed' && draft.selection.outcome === 'issue';
      if (!isOpen)
        return page(newsletter, 'send', { title: 'There is nothing to veto', lines: [], answer: null, back });
      return page(newsletter, 'send', {
        title: `Veto issue ${draft.number}?`,
        lines: ['It will not leave; its posts wait for the next issue.', 'You can take the veto back until then.'],
        answer: {
          ...answerTo(newsletter, [
            ['answer', 'vetoed'],
            ['occurrence', approval.occurrence.toISOString()],
            ['shown', approval.shown],
          ]),
          yes: `Veto issue ${draft.number}`,
          no: 'Do not veto',
          isDanger: true,
        },
        back,
      });
    },

    async withdrawQuestion(newsletter: string) {
      const { approval, draft } = await live.issue(newsletter);
      const back = `${pathOf(newsletter)}/send`;
      const what = approval?.state === 'vetoed' ? 'veto' : 'approval';
      if (!approval?.at || (approval.state !== 'approved' && approval.state !== 'vetoed'))
        return page(newsletter, 'send', { title: 'There is no answer to take back', lines: [], answer: null, back });
      return page(newsletter, 'send', {
        title: `Take the ${what} of issue ${draft.number} back?`,
        lines: [
          what === 'veto'
            ? 'The issue waits for an answer again.'
            : 'It does not count any more. An issue that was made with it is cancelled, if none of its messages has left.',
        ],
        answer: {
          ...answerTo(newsletter, [
            ['answer', 'withdrawn'],
            ['at', approval.at.toISOString()],
          ]),
          yes: `Take the ${what} back`,
          no: `Keep the ${what}`,
          isDanger: true,
        },
        back,
      });
    },

    /** @param from where the button was: `history`, or the page of sending */
    async issueQuestion(newsletter: string, number: number, act: IssueQuestion, from: string) {
      const { ledger } = live.deps().store;
      const issue = await room.issueNumbered(named(newsletter), number);
      const counts = await ledger.counts(issue.id);
      const isHistory = from === 'history';
      const back = isHistory ? issuesPath(newsletter, number) : `${pathOf(newsletter)}/send`;
      const { isPossible, ...words } = WORDS[act](number, counts);
      const isOver = issue.state === 'cancelled' || (act === 'cancel' && issue.state === 'done');
      if (isOver || !isPossible) {
        const title = isOver ? `Issue ${number} is ${issue.state}` : 'There is nobody left to send it to';
        return page(newsletter, isHistory ? 'history' : 'send', { title, lines: [], answer: null, back });
      }
      return page(newsletter, isHistory ? 'history' : 'send', {
        title: words.title,
        lines: words.lines,
        answer: {
          id: act,
          action: `${issuesPath(newsletter, number)}/${act}`,
          focus: 'sending main',
          fields: [{ name: 'back', value: isHistory ? 'history' : '' }],
          yes: words.yes,
          no: words.no,
          isDanger: true,
        },
        back,
      });
    },

    async inboxQuestion() {
      const count = room.inboxOf().mails().length;
      const newsletter = [...live.deps().newsletters.keys()][0] ?? '';
      const answer: AnswerForm = {
        id: 'clear',
        action: '/inbox/clear',
        focus: 'inbox main',
        fields: [],
        yes: 'Empty the inbox',
        no: 'Keep them',
        isDanger: true,
      };
      return page(newsletter, 'inbox', {
        title: count === 0 ? 'The inbox is empty' : 'Empty the inbox?',
        lines: count === 0 ? [] : [`${amount(count, 'mail')} would be gone for good. The ledger stays as it is.`],
        answer: count === 0 ? null : answer,
        back: '/inbox',
      });
    },
  };
}

function answerTo(newsletter: string, fields: readonly (readonly [string, string])[]) {
  return {
    id: 'answer',
    action: `${pathOf(newsletter)}/answer`,
    focus: 'approval main',
    fields: fields.map(([name, value]) => ({ name, value })),
  };
}

type IssueWords = (
  number: number,
  counts: DeliveryCounts,
) => { isPossible: boolean; title: string; lines: readonly string[]; yes: string; no: string };

const WORDS: { readonly [act in IssueQuestion]: IssueWords } = {
  cancel: (number, counts) => {
    const left = counts.planned + counts.claimed;
    const begun = counts.accepted + counts.rejected + counts.unknown + counts.attempted;
    return {
      isPossible: true,
      title: `Cancel issue ${number}?`,
      lines: [
        begun === 0
          ? 'None of its messages has left. Its posts come again in the next issue.'
          : `${left === 0 ? 'No reader is left to whom it has not gone' : `${amount(left, 'reader')} would not get it any more`}, and its posts do not come again. What has left cannot be called back.`,
        'A cancelled issue cannot be resumed.',
      ],
      yes: `Cancel issue ${number}`,
      no: 'Do not cancel',
    };
  },
  return: (number) => ({
    isPossible: true,
    title: `Plan the refused readers of issue ${number} again?`,
    lines: [
      'The refusals that paused it are about the sender, not about these readers. They are planned again, and what the refusals marked is lifted.',
      'Nothing is sent until you resume.',
    ],
    yes: 'Plan them again',
    no: 'Not now',
  }),
  'resend-rejected': (number, { rejected }) => ({
    isPossible: rejected > 0,
    title: `Send issue ${number} to the rejected once more?`,
    lines: [`Servers refused it for ${amount(rejected, 'reader')}. It is tried once more for each of them.`],
    yes: `Send to ${amount(rejected, 'reader')}`,
    no: 'Not now',
  }),
  'resend-unknown': (number, { unknown }) => ({
    isPossible: unknown > 0,
    title: `Send issue ${number} to those in doubt once more?`,
    lines: [`Nobody can tell whether ${amount(unknown, 'reader')} got it.`, 'Some of them may get it twice.'],
    yes: `Send to ${amount(unknown, 'reader')}`,
    no: 'Not now',
  }),
};

/** `1 reader`, `1,200 readers`. */
export function amount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
