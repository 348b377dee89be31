/** What every page shows around its content. */
import type { Problem } from '../domain/errors.js';
import { questionText } from '../domain/open-question.js';
import { placesOf } from './message.js';
import type { Tab } from './page.js';
import type { StudioParts } from './parts.js';
import { issuePath, newsletterPath } from './paths.js';

export interface LayoutView {
  readonly tab: Tab;
  readonly newsletters: readonly (NewsletterLink & { readonly isCurrent: boolean })[];
  readonly current: NewsletterLink | null;
  /** In which dates are shown. */
  readonly timezone: string;
  readonly editor: string;
  readonly hasInbox: boolean;
  readonly inboxCount: number;
  readonly isWithoutLedger: boolean;
  /** Why the newest settings cannot be read. */
  readonly problem: { readonly message: string; readonly hint: string; readonly places: readonly Problem[] } | null;
  /** What only a person can settle about issues of the newsletter that were sent, or are being sent. */
  readonly questions: readonly { readonly path: string; readonly issue: number; readonly text: string }[];
  /** The version of what the page shows. */
  readonly pageVersion: number;
  /** Token of the forms of this page. */
  readonly submission: string;
}

interface NewsletterLink {
  readonly id: string;
  readonly title: string;
  readonly path: string;
}

export interface LayoutRequest {
  readonly tab: Tab;
  /** Empty on a page that belongs to none: then the first is current. */
  readonly newsletter: string;
  readonly now: Date;
}

export async function layoutView(parts: StudioParts, { tab, newsletter, now }: LayoutRequest): Promise<LayoutView> {
  const { live, editor, inbox, changes, submissions } = parts;
  const newsletters = [...live.app().newsletters.values()];
  const current = newsletters.find(({ id }) => id === newsletter) ?? newsletters[0];
  const problem = live.problem();
  const linkTo = ({ id, title }: { readonly id: string; readonly title: string }) => ({
    id,
    title,
    path: newsletterPath(id),
  });
  return {
    tab,
    newsletters: newsletters.map((each) => ({ ...linkTo(each), isCurrent: each === current })),
    current: current ? linkTo(current) : null,
    timezone: current?.timezone ?? 'UTC',
    editor,
    hasInbox: inbox.isOpen,
    inboxCount: inbox.count(),
    isWithoutLedger: live.isWithoutLedger(),
    problem: problem ? { message: problem.message, hint: problem.hint, places: placesOf(problem) } : null,
    questions: current ? await questionsOf(live, current.id, now) : [],
    pageVersion: changes.version(),
    submission: submissions.token(),
  };
}

async function questionsOf(live: StudioParts['live'], newsletter: string, now: Date): Promise<LayoutView['questions']> {
  const questions = await live.app().sending.questions(now, newsletter);
  return questions.map((question) => ({
    path: issuePath(newsletter, question.issue),
    issue: question.issue,
    text: questionText(question),
  }));
}
