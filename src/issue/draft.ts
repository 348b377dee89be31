/**
 * Decides an issue: which posts, in which editions, for which groups of readers. The one road that plan, preview,
 * rehearsal and sending walk; it writes nothing.
 */
import { clipLadder, MOST_HTML_BYTES } from '../compose/clip-ladder.js';
import { type ComposeInput, composeDigest, composePosts, editionKey } from '../compose/compose-digest.js';
import { headlineFrom } from '../compose/subject.js';
import { type Arrangement, NO_ARRANGEMENT, type TextByLanguage, textFor } from '../domain/arrangement.js';
import { type CategoryPreferences, preferencesFromKey } from '../domain/category.js';
import type { ClipLevel, Digest } from '../domain/digest.js';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { IssuePost, Window } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Messages } from '../domain/ports/content.js';
import type { Calendar } from '../domain/ports/host.js';
import type { NewsletterHistory, NewsletterMemory, ReaderGroup, Store } from '../domain/ports/storage.js';
import type { KnownPost } from '../domain/post.js';
import type { Selection } from '../domain/selection.js';
import { selectPosts } from '../select/select-posts.js';
import type { AppContext } from './app-context.js';
import { type DraftArrangement, findArrangement, inForce, namesOf } from './arrangement.js';

/** Which issue is being decided. */
export interface IssueTarget {
  readonly occurrence: Date;
  readonly cutoff: Date;
  readonly manual: boolean;
  /** Occurrences that were missed before it and get their records with it. */
  readonly earlier?: readonly Date[];
  /** What became news after this moment is not looked at: its content was closed then (rule: approval). */
  readonly seenBy?: Date;
  /** Nobody asks what its editor arranged: it makes no issue. */
  readonly unarranged?: true;
}

export interface Draft {
  readonly newsletter: Newsletter;
  readonly target: IssueTarget;
  readonly history: NewsletterHistory;
  readonly number: number;
  readonly window: Window;
  readonly selection: Selection;
  readonly compose: ComposeInput & { readonly arrangement: Arrangement };
  /** Where its arrangement stands; absent where nobody arranged it. */
  readonly arrangement?: DraftArrangement;
}

/** An occasion of a person's making: its cut-off is its occurrence (rule: issue-by-hand). */
export function manualTarget(now: Date): IssueTarget {
  return { occurrence: now, cutoff: now, manual: true };
}

/** Chooses the posts of an issue from what a store remembers, as its editor arranged it. Throws `config.invalid`. */
export async function draftIssue(
  deps: AppContext,
  store: Store,
  newsletter: Newsletter,
  target: IssueTarget,
): Promise<Draft> {
  const memory = await store.ledger.memory(newsletter.id);
  const found = await findArrangement(deps, store.ledger, newsletter, target, memory);
  const known = await store.posts.known(newsletter.sources.map(({ name }) => name));
  const { arrangement, about } = inForce(found, known);
  const posts = seenInTime(known.posts, target);
  const { window, selection } = decidePosts({ deps, newsletter, target, memory, posts, arrangement });
  const bodies = await store.posts.bodies(selection.chosen.map(({ uid }) => uid));
  const compose = { newsletter, chosen: selection.chosen, bodies, arrangement };
  const number = memory.lastNumber + 1;
  return {
    newsletter,
    target,
    history: memory,
    number,
    window,
    selection,
    compose,
    ...(about && { arrangement: about }),
  };
}

/**
 * The same where nobody asks about the other posts: it reads only what the issue could carry and what its arrangement
 * names, so that it costs as much after ten years as after one.
 */
export async function draftCandidates(
  deps: AppContext,
  newsletter: Newsletter,
  target: IssueTarget,
  history: NewsletterHistory,
): Promise<Draft> {
  const { posts, ledger } = deps.store;
  const window = windowOf(deps, newsletter, target, history);
  const names = newsletter.sources.map(({ name }) => name);
  const found = await findArrangement(deps, ledger, newsletter, target, history);
  const candidates = await posts.candidates(newsletter.id, names, window.since, namesOf(found));
  const { arrangement, about } = inForce(found, candidates);
  const seen = seenInTime(candidates.posts, target);
  const selection = selectPosts({ newsletter, posts: seen, outcomes: candidates.outcomes, window, arrangement });
  const bodies = await posts.bodies(selection.chosen.map(({ uid }) => uid));
  const compose = { newsletter, chosen: selection.chosen, bodies, arrangement };
  const number = history.lastNumber + 1;
  return { newsletter, target, history, number, window, selection, compose, ...(about && { arrangement: about }) };
}

function seenInTime(posts: readonly KnownPost[], { seenBy }: IssueTarget): readonly KnownPost[] {
  return posts.filter(({ newsAt, post }) => !seenBy || (newsAt ?? post.publishedAt) <= seenBy);
}

/** The window of an issue and its selection; pure but for the calendar. */
export function decidePosts(input: {
  readonly deps: Pick<AppContext, 'calendar'>;
  readonly newsletter: Newsletter;
  readonly target: IssueTarget;
  readonly memory: NewsletterMemory;
  readonly posts: readonly KnownPost[];
  readonly arrangement?: Arrangement;
}): { readonly window: Window; readonly selection: Selection } {
  const { newsletter, memory, posts, target } = input;
  const window = windowOf(input.deps, newsletter, target, memory);
  const arrangement = input.arrangement ?? NO_ARRANGEMENT;
  return { window, selection: selectPosts({ newsletter, posts, outcomes: memory.outcomes, window, arrangement }) };
}

/** From the previous cut-off; where there was no issue yet, from the baseline, or one period before the first occurrence. */
function windowOf(
  { calendar }: Pick<AppContext, 'calendar'>,
  newsletter: Newsletter,
  { cutoff, earlier = [] }: IssueTarget,
  { previousCutoff, baseline, firstSkipped }: NewsletterHistory,
): Window {
  const since =
    previousCutoff ??
    baseline ??
    newsletter.baseline ??
    onePeriodBefore(calendar, newsletter, firstSkipped ?? earlier[0] ?? cutoff);
  return { since, until: cutoff };
}

/** How far back a first issue looks: one period of its schedule (rule: first-issue). */
function onePeriodBefore(calendar: Calendar, { schedule, timezone }: Newsletter, cutoff: Date): Date {
  const last = calendar.previous(schedule, timezone, new Date(cutoff.getTime() + 1));
  const before = calendar.previous(schedule, timezone, last);
  return new Date(cutoff.getTime() - (last.getTime() - before.getTime()));
}

/** The editions of a draft, and which group of readers gets which. */
export interface ComposedIssue {
  readonly editions: readonly Edition[];
  /** `edition` is absent for a group that wishes for nothing that is in the issue. */
  readonly routes: readonly { readonly group: ReaderGroup; readonly edition: string | undefined }[];
}

/** The editions of a draft before they are rendered. */
export interface ArrangedIssue {
  readonly editions: readonly EditionPlan[];
  readonly routes: ComposedIssue['routes'];
}

/** Arranges one edition for each distinct result of the groups' wishes (rule: edition-key). */
export async function arrangeEditions(
  deps: AppContext,
  draft: Draft,
  groups: readonly ReaderGroup[],
): Promise<ArrangedIssue> {
  const editions = new Map<string, EditionPlan>();
  const routes: { group: ReaderGroup; edition: string | undefined }[] = [];
  const posts = composePosts(draft.compose, WHOLE);
  for (const group of groups) {
    const words = await messagesFor(deps, draft.newsletter, group.language);
    const wishes = preferencesFromKey(group.wishes);
    const leftOut = new Set(group.leftOut?.uids);
    const mine = posts.filter(({ uid }) => !leftOut.has(uid));
    const digest = composeDigest(mine, draft.newsletter, wishes, words, WHOLE, draft.selection.heldOver);
    const key = digest.sections.length === 0 ? undefined : editionKey(digest, words.language);
    routes.push({ group, edition: key });
    if (key !== undefined && !editions.has(key)) editions.set(key, { key, wishes, leftOut, words, digest });
  }
  return { editions: [...editions.values()], routes };
}

/** Composes and renders each edition once. */
export async function composeIssue(
  deps: AppContext,
  draft: Draft,
  groups: readonly ReaderGroup[],
): Promise<ComposedIssue> {
  const { editions: plans, routes } = await arrangeEditions(deps, draft, groups);
  const editions: Edition[] = [];
  for (const plan of plans) editions.push(await renderEdition(deps, draft, plan));
  return { editions, routes };
}

const WHOLE: ClipLevel = { images: true, links: 0 };

/** What one edition will show. */
export interface EditionPlan {
  readonly key: string;
  readonly wishes: CategoryPreferences;
  /** Posts that its readers have from another newsletter already (rule: frequency-change). */
  readonly leftOut: ReadonlySet<string>;
  readonly words: Messages;
  readonly digest: Digest;
}

/** Renders an edition at the first level of the clip ladder that fits (rule: clip). */
export async function renderEdition(deps: AppContext, draft: Draft, plan: EditionPlan): Promise<Edition> {
  const ladder = clipLadder(plan.digest);
  const { target, number, compose, selection } = draft;
  const { language } = plan.words;
  const written = await wordsOfEditor(deps, draft, plan);
  const renderAt = async (clip: ClipLevel): Promise<Edition & { readonly fits: boolean }> => {
    const posts = composePosts(compose, clip).filter(({ uid }) => !plan.leftOut.has(uid));
    const digest = composeDigest(posts, draft.newsletter, plan.wishes, plan.words, clip, selection.heldOver);
    const issue = { number, date: target.occurrence };
    const mail = await deps.renderer.render({ ...written, issue, digest, language });
    const { direction } = plan.words;
    const fits = deps.renderer.measure(mail) < MOST_HTML_BYTES;
    return { key: plan.key, language, direction, sections: digest.sections, mail, clip, fits };
  };
  const whole = await renderAt(ladder[0] as ClipLevel);
  const { fits: _, ...edition } = whole.fits ? whole : await firstFitting(ladder.slice(1), renderAt);
  return edition;
}

/** The editor's words of this issue go before the newsletter's words of all issues, and before what is made from posts. */
async function wordsOfEditor(
  deps: AppContext,
  { newsletter, compose, arrangement }: Draft,
  { digest, words }: EditionPlan,
) {
  const written = (text: TextByLanguage | undefined) => textFor(text, words.language, newsletter.language);
  const subject = written(compose.arrangement.subject)?.text;
  const introduction = written(compose.arrangement.introduction);
  const { subject: _, ...others } = newsletter;
  return {
    newsletter: subject === undefined ? newsletter : others,
    ...headlineFrom(digest, words, subject),
    ...(introduction && {
      introduction: await deps.markdown(introduction.text, arrangement?.file ?? ''),
      introductionLanguage: introduction.language,
    }),
  };
}

/** Each level is no larger than the one before, so halving finds the first that fits; else the last is taken. */
async function firstFitting<T extends { readonly fits: boolean }>(
  levels: readonly ClipLevel[],
  renderAt: (level: ClipLevel) => Promise<T>,
): Promise<T> {
  let low = 0;
  let high = levels.length - 1;
  let best = await renderAt(levels[high] as ClipLevel);
  while (low < high) {
    const middle = (low + high) >> 1;
    const tried = await renderAt(levels[middle] as ClipLevel);
    if (tried.fits) {
      best = tried;
      high = middle;
    } else low = middle + 1;
  }
  return best;
}

/** The words of a reader's language, or else the newsletter's. Throws `theme.invalid` when there are neither. */
export async function messagesFor(
  deps: AppContext,
  newsletter: Newsletter,
  language: string | undefined,
): Promise<Messages> {
  const words =
    (language === undefined ? undefined : await deps.words(language)) ?? (await deps.words(newsletter.language));
  if (words) return words;
  throw new GazetteError('theme.invalid', `There are no words for the language “${newsletter.language}”.`, {
    hint: `Write templates/messages/${newsletter.language}.yaml; en.yaml is a model.`,
  });
}

/** The ordered posts of the full edition, as the ledger names them. */
export function issuePosts(sections: Digest['sections']): readonly IssuePost[] {
  return sections.flatMap(({ key, posts }) =>
    posts.map(({ uid, id, title, url }) => ({ uid, id, title, ...(url !== undefined && { url }), section: key })),
  );
}

/** The full digest of a draft, in the newsletter's own language. */
export async function fullDigest(deps: AppContext, draft: Draft): Promise<Digest> {
  const words = await messagesFor(deps, draft.newsletter, undefined);
  const posts = composePosts(draft.compose, WHOLE);
  return composeDigest(posts, draft.newsletter, undefined, words, WHOLE, draft.selection.heldOver);
}
