/**
 * Chooses the posts of one issue and gives every post its verdict (rule: news-since-last-issue). Pure, and independent of the order
 * in which posts are given.
 */
import type { Arrangement } from '../domain/arrangement.js';
import { categoryKey } from '../domain/category.js';
import type { Window } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { KnownPost } from '../domain/post.js';
import { publicId, publishabilityAt } from '../domain/post.js';
import { pageOfPost } from '../domain/same-page.js';
import type { CarriedOverWhy, InReason, OutReason, PostOutcome, Selection, Verdict } from '../domain/selection.js';
import { preferredTranslations } from './translations.js';

export interface SelectInput {
  readonly newsletter: Newsletter;
  readonly posts: readonly KnownPost[];
  readonly outcomes: ReadonlyMap<string, PostOutcome>;
  /** From the previous cut-off, or the baseline of a first issue, to this cut-off. */
  readonly window: Window;
  readonly arrangement: Arrangement;
}

/** One function decides for `plan`, `preview`, `rehearse` and `send` alike. */
export function selectPosts(input: SelectInput): Selection {
  const posts = [...input.posts].sort(byAge);
  const among = posts.filter((known) => couldBeSent(known, input.newsletter, input.window.until));
  const clashes = clashesAmong(among);
  // What was sent was sent, whatever has become of it.
  const sent = posts.filter((known) => input.outcomes.get(known.uid)?.kind === 'carried');
  const countable = [...sent, ...among.filter(({ uid }) => !clashes.has(uid))];
  const shared: Shared = {
    clashes,
    originals: originalsByUrl(countable, input.newsletter, input.outcomes),
    translations: preferredTranslations(countable, input.newsletter.language, input.outcomes),
  };
  const judged = posts.map((known) => ({ known, reason: judge(known, input, shared) }));
  const candidates = judged.flatMap(({ known, reason }) => (isIn(reason) ? [{ known, reason }] : []));
  const queue = inOrder(candidates, input.arrangement);
  const { minPosts, maxPosts } = input.newsletter;
  const isEnough = candidates.length >= minPosts;
  const chosen = isEnough ? queue.slice(0, maxPosts) : [];
  const chosenSet = new Set(chosen);
  const why: CarriedOverWhy = isEnough ? 'limit' : 'min-posts';
  const verdicts = judged.map(({ known, reason }): Verdict => {
    if (!isIn(reason)) return { known, in: false, reason };
    return chosenSet.has(known)
      ? { known, in: true, reason }
      : { known, in: false, reason: { kind: 'held-over', why } };
  });
  return {
    outcome: candidates.length === 0 ? 'nothing-new' : isEnough ? 'issue' : 'too-few',
    chosen,
    carriedOver: isEnough ? queue.length - chosen.length : 0,
    missed: judged.flatMap(({ known, reason }) => (isMissed(known, reason, input) ? [known] : [])),
    verdicts,
  };
}

type Judgement = InReason | OutReason;

function isIn(reason: Judgement): reason is InReason {
  return IN_KINDS.has(reason.kind) && !('why' in reason);
}
const IN_KINDS: ReadonlySet<string> = new Set([
  'news',
  'held-over',
  'pinned',
  'brought-in',
] satisfies InReason['kind'][]);

/** What keeps a post out only for as long as it lasts. */
const PASSING_KINDS: ReadonlySet<string> = new Set([
  'broken',
  'withdrawn',
  'draft',
  'future',
  'expired',
  'opted-out',
] satisfies OutReason['kind'][]);

/** Whether this window was a post's own, and only its state at the cut-off kept it out (rule: news-since-last-issue). */
function isMissed(known: KnownPost, reason: Judgement, { newsletter, outcomes, window }: SelectInput): boolean {
  const isNews = known.newsAt !== undefined && known.newsAt > window.since && !outcomes.has(known.uid);
  return isNews && PASSING_KINDS.has(reason.kind) && isTaken(known, newsletter);
}

/** What posts that could be sent have in common. */
interface Shared {
  readonly clashes: ReadonlyMap<string, string>;
  readonly originals: ReadonlyMap<string, KnownPost>;
  readonly translations: ReadonlyMap<string, KnownPost>;
}

type UnsentOutcome = Exclude<PostOutcome, { kind: 'carried' }>;

/** What keeps a post out; otherwise why it may be in the issue. */
function judge(known: KnownPost, input: SelectInput, shared: Shared): Judgement {
  const { clashes } = shared;
  const reason = judgeAlone(known, input, shared);
  const clash = isIn(reason) ? clashes.get(known.uid) : undefined;
  return clash === undefined ? reason : { kind: 'broken', where: known.post.place, message: clash };
}

/** The surest fact first, without what it shares with others but its address in another source. */
function judgeAlone(known: KnownPost, input: SelectInput, { originals, translations }: Shared): Judgement {
  const { newsletter, window, arrangement } = input;
  const outcome = input.outcomes.get(known.uid);
  if (outcome?.kind === 'carried') return outcome;
  if (known.broken) return { kind: 'broken', ...known.broken };
  if (known.withdrawnAt) return { kind: 'withdrawn' };
  const state = publishabilityAt(known.post, window.until);
  if (state !== 'publishable') return { kind: state };
  if (known.post.optedOut === true) return { kind: 'opted-out' };
  if (!isTaken(known, newsletter)) return { kind: 'filtered' };
  const translation = translations.get(known.uid);
  if (translation) return { kind: 'duplicate-of', id: publicId(translation.post.keys) };
  const original = originals.get(pageOfPost(known.post));
  if (original && original.post.source !== known.post.source)
    return { kind: 'duplicate-of', id: publicId(original.post.keys) };
  const id = publicId(known.post.keys);
  if (arrangement.excluded.includes(id)) return { kind: 'left-out-by-editor' };
  if (arrangement.added.includes(id)) return { kind: 'brought-in' };
  const reason = judgeAge(known, outcome, window, newsletter.maxAgeMs);
  return isIn(reason) && arrangement.pinned.includes(id) ? { kind: 'pinned' } : reason;
}

function judgeAge(known: KnownPost, outcome: UnsentOutcome | undefined, window: Window, maxAgeMs: number): Judgement {
  if (outcome?.kind === 'held-over') return { kind: 'held-over' };
  if (outcome && outcome.kind !== 'missed') return { kind: outcome.kind };
  // A post that no collection has yet seen publishable will become news at its publication.
  const newsAt = known.newsAt ?? known.post.publishedAt;
  if (!outcome && newsAt <= window.since) return { kind: 'before-baseline' };
  const isLate = known.post.publishedAt <= window.since;
  const ageMs = window.until.getTime() - known.post.publishedAt.getTime();
  return isLate && ageMs > maxAgeMs ? { kind: 'too-old' } : { kind: 'news' };
}

/** Whether the newsletter takes this post from its source. */
export function isTaken(known: KnownPost, newsletter: Newsletter): boolean {
  const choice = newsletter.sources.find(({ name }) => name === known.post.source);
  if (!choice) return false;
  if (choice.only.length + choice.except.length === 0) return true;
  const keys = known.post.categories.map(categoryKey);
  const names = (list: readonly string[]) => list.some((each) => keys.includes(categoryKey(each)));
  return (choice.only.length === 0 || names(choice.only)) && !names(choice.except);
}

/** Whether a newsletter could send a post at a moment: only such a post can keep another out (rule: identity). */
function couldBeSent(known: KnownPost, newsletter: Newsletter, at: Date): boolean {
  if (known.withdrawnAt || known.broken || publishabilityAt(known.post, at) !== 'publishable') return false;
  return known.post.optedOut !== true && isTaken(known, newsletter);
}

/**
 * Posts that share an id, or an address within one source: none of them may be sent, since it cannot be known which is meant.
 * Gives what is to be said of each. @param posts that could be sent
 */
function clashesAmong(posts: readonly KnownPost[]): ReadonlyMap<string, string> {
  // Nearly every key belongs to one post, so a group is made only for the second one.
  const firsts = new Map<string, KnownPost>();
  const sharing = new Map<string, { readonly shared: string; readonly group: KnownPost[] }>();
  const share = (key: string, kind: 'id' | 'url', known: KnownPost): void => {
    const first = firsts.get(key);
    if (!first) return void firsts.set(key, known);
    const { id, url } = known.post.keys;
    const shared = kind === 'id' ? `the id “${id}”` : `the address ${url}`;
    const entry = sharing.get(key) ?? { shared, group: [first] };
    entry.group.push(known);
    sharing.set(key, entry);
  };
  for (const known of posts) {
    const { source, keys } = known.post;
    if (keys.id !== undefined) share(`id ${keys.id}`, 'id', known);
    if (keys.url !== undefined) share(`url ${source} ${keys.url}`, 'url', known);
  }
  const clashes = new Map<string, string>();
  for (const { shared, group } of sharing.values()) {
    if (isOneInSeveralSources(group)) continue;
    for (const known of group) {
      const message = `This post has ${shared}, and so has ${othersText(group, known)}. Give each its own.`;
      if (!clashes.has(known.uid)) clashes.set(known.uid, message);
    }
  }
  return clashes;
}

/** One post that several sources list is no clash: it counts once. */
function isOneInSeveralSources(group: readonly KnownPost[]): boolean {
  const sources = new Set(group.map(({ post }) => post.source));
  const pages = new Set(group.map(({ post }) => pageOfPost(post)));
  return sources.size === group.length && pages.size === 1 && !pages.has('');
}

const MOST_NAMED = 3;

function othersText(group: readonly KnownPost[], known: KnownPost): string {
  const named: string[] = [];
  for (const each of group) {
    if (named.length === MOST_NAMED) break;
    if (each !== known) named.push(placeOf(each.post, known.post.source));
  }
  const more = group.length - 1 - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function placeOf({ place, source }: KnownPost['post'], from: string): string {
  return source === from ? place : `${place} of “${source}”`;
}

/**
 * Of posts with one page in several sources one counts: the one that was sent, or else that of the newsletter's first source.
 * @param posts that were or could be sent
 * @returns by `pageOfPost`
 */
export function originalsByUrl(
  posts: readonly KnownPost[],
  newsletter: Newsletter,
  outcomes: ReadonlyMap<string, PostOutcome> = new Map(),
): ReadonlyMap<string, KnownPost> {
  if (newsletter.sources.length < 2) return new Map();
  const ranks = new Map(newsletter.sources.map(({ name }, index) => [name, index]));
  const rank = ({ uid, post }: KnownPost) =>
    outcomes.get(uid)?.kind === 'carried' ? -1 : (ranks.get(post.source) ?? 0);
  const originals = new Map<string, KnownPost>();
  for (const known of posts) {
    const page = pageOfPost(known.post);
    if (page === '') continue;
    const other = originals.get(page);
    if (!other || rank(known) < rank(other)) originals.set(page, known);
  }
  return originals;
}

/** Pinned as the editor ordered them, then carried over, then the rest; each oldest first (rule: post-limit). */
function inOrder(
  candidates: readonly { readonly known: KnownPost; readonly reason: InReason }[],
  { pinned }: Arrangement,
): KnownPost[] {
  const rank = ({ known, reason }: { known: KnownPost; reason: InReason }): number => {
    const pin = pinned.indexOf(publicId(known.post.keys));
    if (pin >= 0) return pin - pinned.length;
    return reason.kind === 'held-over' ? 0 : 1;
  };
  return [...candidates].sort((a, b) => rank(a) - rank(b) || byAge(a.known, b.known)).map(({ known }) => known);
}

function byAge(a: KnownPost, b: KnownPost): number {
  return a.post.publishedAt.getTime() - b.post.publishedAt.getTime() || compare(identity(a), identity(b));
}

function identity({ post }: KnownPost): string {
  return `${post.source} ${publicId(post.keys)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
