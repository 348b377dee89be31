/** The next issue: its sections, why each post is in or out, its readers and size, and when it leaves. */

import { clipText, MOST_HTML_BYTES } from '../../compose/shortening.js';
import type { TextByLanguage } from '../../domain/arrangement.js';
import { type Edition, fillSegments } from '../../domain/edition.js';
import type { Problem } from '../../domain/errors.js';
import { reasonWords } from '../../domain/reason-words.js';
import { scheduleWords } from '../../domain/schedule-words.js';
import type { Verdict } from '../../domain/selection.js';
import { type ShownDate, shownDateOf } from '../../domain/shown-date.js';
import { unknownPosts } from '../../issue/arrangement.js';
import type { LiveIssue } from '../live-issue.js';
import type { StudioPage } from '../page.js';
import { type ApprovalView, approvalView } from '../views/approval-view.js';
import { checksView, issueFindings } from '../views/checks-view.js';
import { versionOf } from '../views/frame.js';
import { type PostOutView, postAnchor, postOutView } from '../views/post-out-view.js';
import { type ReadersView, readersView } from '../views/readers-view.js';
import { sectionTitles } from '../views/section-titles.js';

export interface IssueView {
  readonly number: number;
  readonly subject: string | null;
  readonly schedule: string;
  readonly occurrence: Date;
  readonly cutoff: Date;
  readonly since: Date;
  readonly outcome: 'issue' | 'nothing-new' | 'too-few';
  readonly carriedOver: number;
  /** How many posts are in, and how many the editor excluded. */
  readonly posts: number;
  readonly excluded: number;
  readonly sections: readonly SectionView[];
  readonly out: readonly PostOutView[];
  /** Posts that will be published before it leaves. */
  readonly upcoming: readonly PostOutView[];
  readonly problems: readonly Problem[];
  readonly suspicions: readonly SuspicionView[];
  readonly readers: ReadersView;
  readonly size: {
    readonly bytes: number;
    readonly max: number;
    readonly percent: number;
    readonly clip: string | null;
  } | null;
  readonly arrangement: ArrangementView;
  readonly approval: ApprovalView | null;
  /** What a change of the issue would void; null where it voids nothing. */
  readonly answer: 'approval' | 'announcement' | null;
  readonly errors: number;
  readonly warnings: number;
  /** The issue that is being sent. */
  readonly sending: { readonly number: number; readonly state: string } | null;
  readonly frameVersion: string;
}

export interface SectionView {
  readonly key: string;
  readonly title: string;
  readonly posts: readonly PostView[];
}

export interface PostView {
  readonly id: string;
  readonly anchor: string;
  readonly title: string;
  readonly place: string;
  readonly url: string | null;
  readonly publishedAt: ShownDate;
  readonly authors: string;
  readonly reason: string;
  readonly isPinned: boolean;
  readonly isMoved: boolean;
  readonly isLink: boolean;
  /** The editor added it, so that excluding it only undoes that. */
  readonly isAdded: boolean;
  /** The places above and below, among pinned posts or among the others; null at the ends. */
  readonly up: number | null;
  readonly down: number | null;
  readonly otherSections: readonly { readonly key: string; readonly title: string }[];
}

/** A source that lists suspiciously few posts, for the editor to confirm. */
export interface SuspicionView {
  readonly source: string;
  /** Names the suspicion the page shows. */
  readonly since: string;
  readonly missing: number;
  readonly of: number;
}

export interface ArrangementView {
  /** The file, whether it exists or not. */
  readonly file: string;
  readonly version: string;
  readonly introduction: string;
  readonly subject: string;
  /** A text in several languages can be edited only in the file. */
  readonly isIntroductionByLanguage: boolean;
  readonly isSubjectByLanguage: boolean;
  readonly isEmpty: boolean;
  /** The issue that used the file as it is; the next change starts a new arrangement. */
  readonly usedBy: number | null;
}

/** All posts that are out are on a page of their own. */
const MAX_OUT = 12;

export const issuePage: StudioPage<IssueView> = {
  kind: 'page',
  path: '/n/:newsletter',
  template: 'issue',
  tab: 'issue',
  async view({ live }, { param }) {
    const issue = await live.issue(param('newsletter'));
    const { draft, full, newsletter } = issue;
    const { renderer, store } = live.app();
    const { window, selection, number, target } = draft;
    const edition = full && (await live.render(issue, full));
    const out = selection.verdicts.filter((verdict) => !verdict.in).reverse();
    const upcoming = out.filter(
      ({ known, reason }) => reason.kind === 'future' && known.post.publishedAt <= issue.occurrence,
    );
    const bytes = edition ? renderer.measure(edition.mail) : 0;
    const { errors, warnings } = checksView(await issueFindings(live, issue, full ? [full] : []));
    const unfinished = await store.ledger.unfinishedIssues();
    const sending = unfinished.filter((each) => each.newsletter === newsletter.id).at(-1);
    return {
      number,
      subject: edition ? fillSegments(edition.mail.subject, SAMPLE_VALUES) : null,
      schedule: `${scheduleWords(newsletter.schedule)}, ${newsletter.timezone}`,
      occurrence: issue.occurrence,
      cutoff: target.cutoff,
      since: window.since,
      outcome: selection.outcome,
      carriedOver: selection.carriedOver,
      posts: full?.posts ?? 0,
      excluded: selection.verdicts.filter(({ reason }) => reason.kind === 'left-out-by-editor').length,
      sections: sectionsView(issue, edition?.sections ?? []),
      out: out
        .filter((verdict) => !upcoming.includes(verdict))
        .slice(0, MAX_OUT)
        .map(postOutView),
      upcoming: upcoming.map(postOutView),
      problems: problemsOf(issue),
      suspicions: issue.suspicions.map(({ source, since, missing, of }) => ({
        source,
        since: String(since),
        missing: missing.length,
        of,
      })),
      readers: readersView(issue),
      size: edition
        ? {
            bytes,
            max: MOST_HTML_BYTES,
            percent: Math.min(100, Math.round((bytes / MOST_HTML_BYTES) * 100)),
            clip: clipText(edition.clip) ?? null,
          }
        : null,
      arrangement: arrangementView(issue),
      approval: approvalView(issue),
      answer: ANSWERS[issue.approval?.state ?? 'open'] ?? null,
      errors,
      warnings,
      sending: sending ? { number: sending.number, state: sending.state } : null,
      frameVersion: edition ? versionOf(edition.mail) : '',
    };
  },
};

const ANSWERS: { readonly [state: string]: IssueView['answer'] } = {
  approved: 'approval',
  announced: 'announcement',
};

const SAMPLE_VALUES = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };

function problemsOf(issue: LiveIssue): readonly Problem[] {
  const { draft, broken, failed } = issue;
  return [
    ...failed.map(({ source, error }) => ({ where: `source ${source}`, message: error.message })),
    ...broken.map(({ where, message }) => ({ where, message })),
    ...draft.selection.verdicts.flatMap(({ reason, known }) =>
      reason.kind === 'broken' && !known.broken ? [{ where: reason.where, message: reason.message }] : [],
    ),
    ...unknownPosts(draft, issue),
  ];
}

function sectionsView({ draft, newsletter }: LiveIssue, shown: Edition['sections']): readonly SectionView[] {
  const verdicts = new Map(draft.selection.verdicts.map((verdict) => [verdict.known.uid, verdict]));
  const { pinned, added, sections: moved } = draft.compose.arrangement;
  const titles = [...sectionTitles(newsletter)].map(([key, title]) => ({ key, title }));
  return shown.map(({ key, title, posts }) => ({
    key,
    title,
    posts: posts.map((post) => {
      const verdict: Verdict | undefined = verdicts.get(post.uid);
      const isPinned = pinned.includes(post.id);
      const alike = posts.map(({ id }) => id).filter((id) => pinned.includes(id) === isPinned);
      return {
        id: post.id,
        anchor: postAnchor(post.id),
        title: post.title,
        place: verdict?.known.post.place ?? '',
        url: post.url ?? null,
        publishedAt: shownDateOf(post),
        authors: post.authors.join(', '),
        reason: verdict ? reasonWords(verdict.reason) : '',
        isPinned,
        isMoved: Object.hasOwn(moved, post.id),
        isLink: post.form === 'link',
        isAdded: added.includes(post.id),
        ...neighbours(post.id, alike),
        otherSections: titles.filter((each) => each.key !== key),
      };
    }),
  }));
}

function neighbours(id: string, ids: readonly string[]): Pick<PostView, 'up' | 'down'> {
  const place = ids.indexOf(id) + 1;
  return { up: place > 1 ? place - 1 : null, down: place < ids.length ? place + 1 : null };
}

function arrangementView({ newsletter, draft, written, arrangementFile }: LiveIssue): ArrangementView {
  const { language } = newsletter;
  const usedBy = draft.arrangement?.usedBy ?? null;
  const arrangement = usedBy === null ? written?.arrangement : undefined;
  const isByLanguage = (text: TextByLanguage | undefined) => text !== undefined && typeof text !== 'string';
  return {
    file: arrangementFile,
    version: written?.version ?? '',
    introduction: writtenText(arrangement?.introduction, language),
    subject: writtenText(arrangement?.subject, language),
    isIntroductionByLanguage: isByLanguage(arrangement?.introduction),
    isSubjectByLanguage: isByLanguage(arrangement?.subject),
    isEmpty: written === undefined,
    usedBy,
  };
}

/** What the author wrote, blank or not. */
function writtenText(text: TextByLanguage | undefined, language: string): string {
  return (typeof text === 'string' ? text : text?.[language]) ?? '';
}
