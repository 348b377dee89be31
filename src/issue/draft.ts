/**
 * Decides an issue: which posts it carries, as its editor arranged it. Plan, preview, check, rehearsal, studio and sending all
 * draft here, so that they cannot disagree. Writes nothing.
 */
import type { ComposeInput } from '../compose/compose-digest.js';
import { type Arrangement, NO_ARRANGEMENT } from '../domain/arrangement.js';
import type { Html } from '../domain/html.js';
import type { Window } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Calendar } from '../domain/ports/host.js';
import type { NewsletterHistory } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import type { KnownPost } from '../domain/post.js';
import type { PostOutcome, Selection } from '../domain/selection.js';
import { type SelectInput, selectPosts } from '../select/select-posts.js';
import {
  type ArrangementDeps,
  applicableArrangement,
  type DraftArrangement,
  findArrangement,
  namesOf,
} from './arrangement.js';
import { type BodiesDeps, readBodies } from './bodies.js';
import type { IssueTarget } from './target.js';

export interface Draft {
  readonly newsletter: Newsletter;
  readonly target: IssueTarget;
  readonly history: NewsletterHistory;
  readonly number: number;
  readonly window: Window;
  readonly selection: Selection;
  readonly compose: ComposeInput & { readonly arrangement: Arrangement };
  /** Where its arrangement comes from; absent where nothing is arranged. */
  readonly arrangement?: DraftArrangement;
}

export interface DraftOptions {
  /**
   * Give every known post a verdict. Without it only the posts that the issue could carry, or that its arrangement names, are
   * read, so that a draft costs as much after ten years as after one.
   */
  readonly everyPost?: boolean;
  /** Draft as if nothing were arranged: for an occurrence that makes no issue, or whose arrangement cannot be read. */
  readonly unarranged?: boolean;
}

export interface DraftsDeps extends Omit<ArrangementDeps, 'ledger'>, Pick<BodiesDeps, 'sources'> {
  readonly store: Pick<Store, 'posts' | 'ledger'>;
  readonly calendar: Calendar;
}

export type Drafts = ReturnType<typeof openDrafts>;

export function openDrafts(deps: DraftsDeps) {
  const { store, calendar } = deps;
  const arrangementDeps = { ...deps, ledger: store.ledger };

  /** Chooses the posts of an issue. Throws `config.invalid` for an arrangement that cannot be read. */
  async function draft(newsletter: Newsletter, target: IssueTarget, options: DraftOptions = {}): Promise<Draft> {
    const history = await store.ledger.history(newsletter.id);
    const window = windowOf(calendar, newsletter, target, history);
    const found = options.unarranged ? undefined : await findArrangement(arrangementDeps, newsletter, target, history);
    const since = options.everyPost ? undefined : window.since;
    const known = await store.posts.candidates(newsletter.id, sourceNames(newsletter), since, namesOf(found));
    const { arrangement, origin } = applicableArrangement(found, known);
    const posts = known.posts.filter(isSeenBy(target.seenBy));
    const input = { newsletter, posts, outcomes: known.outcomes, window, arrangement };
    const { selection, bodies } = await selectReadable(deps, input);
    return {
      newsletter,
      target,
      history,
      number: history.lastNumber + 1,
      window,
      selection,
      compose: { newsletter, chosen: selection.chosen, bodies, arrangement },
      ...(origin && { arrangement: origin }),
    };
  }

  return { draft };
}

/**
 * Chooses posts and reads their bodies. A post whose body cannot be read is broken, as if its file could not be read at all, and
 * the others are chosen without it.
 */
async function selectReadable(
  deps: BodiesDeps,
  input: SelectInput,
): Promise<{ readonly selection: Selection; readonly bodies: ReadonlyMap<string, Html> }> {
  const bodies = new Map<string, Html>();
  let { posts } = input;
  for (;;) {
    const selection = selectPosts({ ...input, posts });
    const unread = wouldBeCarried(selection).filter(({ uid }) => !bodies.has(uid));
    const read = await readBodies(deps, unread);
    for (const [uid, body] of read.bodies) bodies.set(uid, body);
    if (read.broken.size === 0) return { selection, bodies };
    posts = posts.map((known) => {
      const broken = read.broken.get(known.uid);
      return broken ? { ...known, broken } : known;
    });
  }
}

/** Also the posts that wait for more: they may be told as broken before there are enough. */
function wouldBeCarried({ outcome, chosen, verdicts }: Selection): readonly KnownPost[] {
  if (outcome !== 'too-few') return chosen;
  return verdicts.flatMap(({ known, reason }) => (reason.kind === 'held-over' ? [known] : []));
}

function sourceNames({ sources }: Newsletter): readonly string[] {
  return sources.map(({ name }) => name);
}

function isSeenBy(moment: Date | undefined): (known: KnownPost) => boolean {
  return ({ newsAt, post }) => !moment || (newsAt ?? post.publishedAt) <= moment;
}

/** The window of an issue and its selection, from posts in memory. Pure but for the calendar. */
export function decidePosts(input: {
  readonly calendar: Calendar;
  readonly newsletter: Newsletter;
  readonly target: IssueTarget;
  readonly memory: NewsletterHistory & { readonly outcomes: ReadonlyMap<string, PostOutcome> };
  readonly posts: readonly KnownPost[];
}): { readonly window: Window; readonly selection: Selection } {
  const { calendar, newsletter, target, memory, posts } = input;
  const window = windowOf(calendar, newsletter, target, memory);
  const { outcomes } = memory;
  return { window, selection: selectPosts({ newsletter, posts, outcomes, window, arrangement: NO_ARRANGEMENT }) };
}

/** From the previous cut-off; before the first issue, from the baseline, or one period before the first occurrence. */
function windowOf(
  calendar: Calendar,
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
