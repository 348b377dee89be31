/** The next issue as its page shows it: sections, every post with its reason, readers, size, and when it leaves. */
import { createHash } from 'node:crypto';
import { clipText, MOST_HTML_BYTES } from '../compose/clip-ladder.js';
import type { TextByLanguage } from '../domain/arrangement.js';
import { OTHER } from '../domain/category.js';
import type { SkipReason } from '../domain/delivery.js';
import { fillSegments } from '../domain/edition.js';
import { publicId } from '../domain/post.js';
import { reasonWords, SKIP_WORDS } from '../domain/reason-words.js';
import { scheduleWords } from '../domain/schedule-words.js';
import type { Verdict } from '../domain/selection.js';
import { unknownPosts } from '../issue/arrangement.js';
import type { Draft } from '../issue/draft.js';
import type { LiveDraft } from './live-draft.js';
import type { LiveIssue } from './live-issue.js';
import { editionName } from './show-mail.js';

export interface IssueView {
  readonly title: string;
  readonly number: number;
  readonly subject: string | null;
  readonly schedule: string;
  readonly occurrence: Date;
  readonly cutoff: Date;
  readonly since: Date;
  readonly outcome: 'issue' | 'nothing-new' | 'too-few';
  readonly heldOver: number;
  /** Posts that are in, and those the editor left out. */
  readonly posts: number;
  readonly leftOut: number;
  readonly sections: readonly SectionView[];
  readonly out: readonly OutView[];
  readonly soon: readonly OutView[];
  readonly problems: readonly { readonly where: string; readonly message: string }[];
  readonly suspicions: readonly SuspicionView[];
  readonly readers: ReadersView;
  readonly size: {
    readonly bytes: number;
    readonly most: number;
    readonly percent: number;
    readonly clip: string | null;
  } | null;
  readonly arrangement: ArrangementView;
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
  readonly publishedAt: Date;
  readonly authors: string;
  readonly reason: string;
  readonly isPinned: boolean;
  readonly isMoved: boolean;
  readonly isLink: boolean;
  /** Left out, it is not brought in any more. */
  readonly isBroughtIn: boolean;
  /** The place above and below it among its like, pinned or not; null at the ends. */
  readonly up: number | null;
  readonly down: number | null;
  readonly elsewhere: readonly { readonly key: string; readonly title: string }[];
}

export interface OutView {
  readonly id: string;
  /** Where it stands on the page of the issue once it is in. */
  readonly anchor: string;
  readonly title: string;
  readonly place: string;
  readonly publishedAt: Date;
  readonly reason: string;
  /** What the editor may do about it. */
  readonly can: 'bring-in' | 'put-back' | null;
}

/** A listing that is not believed, for the editor to answer. */
export interface SuspicionView {
  readonly source: string;
  /** Names the suspicion the page shows. */
  readonly since: string;
  readonly missing: number;
  readonly of: number;
}

export interface ReadersView {
  readonly total: number;
  readonly planned: number;
  readonly skipped: readonly { readonly count: number; readonly why: string }[];
  readonly editions: readonly {
    readonly key: string;
    readonly name: string;
    readonly language: string;
    readonly readers: number;
    readonly posts: number;
  }[];
}

export interface ArrangementView {
  /** Where it is, or would be written. */
  readonly file: string;
  readonly version: string;
  readonly introduction: string;
  readonly subject: string;
  /** Written for several languages: changed in the file alone. */
  readonly isIntroductionByLanguage: boolean;
  readonly isSubjectByLanguage: boolean;
  readonly isEmpty: boolean;
  /** The issue that has had what stands there: what is arranged next takes its place. */
  readonly usedBy: number | null;
}

/** How many posts that are out are listed; all of them are on a page of their own. */
const MOST_OUT = 12;

export async function issuePage(live: LiveDraft, issue: LiveIssue): Promise<IssueView> {
  const { newsletter, draft, full, broken, failed, suspicions } = issue;
  const { window, selection, number, target } = draft;
  const edition = full && (await live.edition(issue, full));
  const deps = live.draftDeps();
  const out = selection.verdicts.filter((verdict) => !verdict.in).reverse();
  const soon = out.filter(
    ({ known, reason }) => reason.kind === 'future' && known.post.publishedAt <= issue.occurrence,
  );
  const bytes = edition ? deps.renderer.measure(edition.mail) : 0;
  return {
    title: newsletter.title,
    number,
    subject: edition ? fillSegments(edition.mail.subject, SAMPLE_VALUES) : null,
    schedule: `${scheduleWords(newsletter.schedule)}, ${newsletter.timezone}`,
    occurrence: issue.occurrence,
    cutoff: target.cutoff,
    since: window.since,
    outcome: selection.outcome,
    heldOver: selection.heldOver,
    posts: (full?.digest.sections ?? []).reduce((sum, { posts }) => sum + posts.length, 0),
    leftOut: selection.verdicts.filter(({ reason }) => reason.kind === 'left-out-by-editor').length,
    sections: full ? sectionsView(issue, edition?.clip.links ?? 0) : [],
    out: out
      .filter((verdict) => !soon.includes(verdict))
      .slice(0, MOST_OUT)
      .map(outView),
    soon: soon.map(outView),
    problems: [
      ...failed.map(({ source, error }) => ({ where: `source ${source}`, message: error.message })),
      ...broken.map(({ where, message }) => ({ where, message })),
      ...selection.verdicts.flatMap(({ reason, known }) =>
        reason.kind === 'broken' && !known.broken ? [{ where: reason.where, message: reason.message }] : [],
      ),
      ...unknownPosts(draft, issue),
    ],
    suspicions: suspicions.map(({ source, since, missing, of }) => ({
      source,
      since: String(since),
      missing: missing.length,
      of,
    })),
    readers: readersView(issue),
    size: edition
      ? {
          bytes,
          most: MOST_HTML_BYTES,
          percent: Math.min(100, Math.round((bytes / MOST_HTML_BYTES) * 100)),
          clip: clipText(edition.clip) ?? null,
        }
      : null,
    arrangement: arrangementView(issue),
  };
}

/** Every post there is with its verdict, newest first. */
export function allPosts(draft: Draft): readonly OutView[] {
  return [...draft.selection.verdicts].reverse().map(outView);
}

const SAMPLE_VALUES = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };

function sectionsView({ full, draft, newsletter }: LiveIssue, links: number): readonly SectionView[] {
  const verdicts = new Map(draft.selection.verdicts.map((verdict) => [verdict.known.uid, verdict]));
  const { pinned, broughtIn, sections: moved } = draft.compose.arrangement;
  const headings = [
    ...newsletter.categories.map(({ key, title }) => ({ key, title: title[newsletter.language] ?? key })),
  ];
  return (full?.digest.sections ?? []).map(({ key, title, posts }) => ({
    key,
    title,
    posts: posts.map((post, index) => {
      const verdict = verdicts.get(post.uid);
      return {
        id: post.id,
        anchor: anchorOf(post.id),
        title: post.title,
        place: verdict?.known.post.place ?? '',
        url: post.url ?? null,
        publishedAt: post.publishedAt,
        authors: post.authors.join(', '),
        reason: verdict ? reasonWords(verdict.reason) : '',
        isPinned: pinned.includes(post.id),
        isMoved: Object.hasOwn(moved, post.id),
        isLink: index >= posts.length - links,
        isBroughtIn: broughtIn.includes(post.id),
        ...placesAround(
          post.id,
          posts.map(({ id }) => id).filter((id) => pinned.includes(id) === pinned.includes(post.id)),
        ),
        elsewhere: [...headings, { key: OTHER, title: 'Other' }].filter((each) => each.key !== key),
      };
    }),
  }));
}

function placesAround(
  id: string,
  alike: readonly string[],
): { readonly up: number | null; readonly down: number | null } {
  const place = alike.indexOf(id) + 1;
  return { up: place > 1 ? place - 1 : null, down: place < alike.length ? place + 1 : null };
}

/** The same on every page, also when the ledger is copied anew and posts have other uids. */
function anchorOf(id: string): string {
  return `post-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
}

function outView({ known, reason }: Verdict): OutView {
  const { post } = known;
  const canBringIn = reason.kind === 'before-baseline' || reason.kind === 'too-old' || reason.kind === 'held-over';
  return {
    id: publicId(post.keys),
    anchor: anchorOf(publicId(post.keys)),
    title: post.title,
    place: post.place,
    publishedAt: post.publishedAt,
    reason: reasonWords(reason),
    can: reason.kind === 'left-out-by-editor' ? 'put-back' : canBringIn ? 'bring-in' : null,
  };
}

function readersView(issue: LiveIssue): ReadersView {
  const { groups, arranged } = issue;
  const skipped = new Map<SkipReason, number>();
  const readers = new Map<string, number>();
  let total = 0;
  let planned = 0;
  for (const group of groups) {
    total += group.count;
    const key = arranged.routes.find((route) => route.group === group)?.edition;
    const reason = group.skip ?? (key === undefined ? ('nothing-wished' as const) : undefined);
    if (reason !== undefined) skipped.set(reason, (skipped.get(reason) ?? 0) + group.count);
    else {
      planned += group.count;
      readers.set(key ?? '', (readers.get(key ?? '') ?? 0) + group.count);
    }
  }
  return {
    total,
    planned,
    skipped: [...skipped].map(([reason, count]) => ({ count, why: SKIP_WORDS[reason] })),
    editions: arranged.editions.map((plan) => ({
      key: plan.key,
      name: editionName(issue, plan),
      language: plan.words.language,
      readers: readers.get(plan.key) ?? 0,
      posts: plan.digest.sections.reduce((sum, { posts }) => sum + posts.length, 0),
    })),
  };
}

function arrangementView({ newsletter, draft, written, arrangementFile }: LiveIssue): ArrangementView {
  const { language } = newsletter;
  const usedBy = draft.arrangement?.usedBy ?? null;
  const arrangement = usedBy === null ? written?.arrangement : undefined;
  const inOne = (text: unknown) => text === undefined || typeof text === 'string';
  return {
    file: arrangementFile,
    version: written?.version ?? '',
    introduction: ownText(arrangement?.introduction, language),
    subject: ownText(arrangement?.subject, language),
    isIntroductionByLanguage: !inOne(arrangement?.introduction),
    isSubjectByLanguage: !inOne(arrangement?.subject),
    isEmpty: written === undefined,
    usedBy,
  };
}

/** What its author wrote, blank or not. */
function ownText(text: TextByLanguage | undefined, language: string): string {
  return (typeof text === 'string' ? text : text?.[language]) ?? '';
}
