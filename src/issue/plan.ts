/** Shows the next issue as it stands: every post with its verdict, every reader count with its reason. */
import { clipText } from '../compose/clip-ladder.js';
import { textFor } from '../domain/arrangement.js';
import { acceptCommand } from '../domain/collecting.js';
import type { SkipReason } from '../domain/delivery.js';
import type { Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CountedGroup, Store } from '../domain/ports/storage.js';
import { type BrokenPost, publicId } from '../domain/post.js';
import { reasonText, type Selection } from '../domain/selection.js';
import type { AppContext } from './app-context.js';
import { unknownPosts } from './arrangement.js';
import { type CollectOptions, type CollectReport, collectPosts, suspicionText } from './collect.js';
import { type ComposedIssue, composeIssue, type Draft, draftIssue, fullDigest } from './draft.js';
import { targetForLooking } from './target.js';

export interface PlannedPost {
  readonly id: string;
  readonly title: string;
  readonly url?: string;
  readonly publishedAt?: Date;
  readonly categories: readonly string[];
  readonly verdict: 'in' | 'out';
  readonly reason: string;
  /** Why a broken post could not be read. */
  readonly message?: string;
}

export interface PlannedReaders {
  /** Every active reader of the newsletter. */
  readonly total: number;
  /** Those who would get a mail. */
  readonly planned: number;
  readonly skipped: { readonly [reason in SkipReason]?: number };
}

export interface IssuePlan {
  readonly newsletter: string;
  readonly title: string;
  readonly number: number;
  readonly cutoff: Date;
  readonly since: Date;
  readonly outcome: Selection['outcome'];
  readonly sections: readonly { readonly key: string; readonly title: string; readonly posts: readonly string[] }[];
  readonly heldOver: number;
  readonly posts: readonly PlannedPost[];
  readonly readers: PlannedReaders;
  readonly editions: readonly PlannedEdition[];
  readonly failedSources: readonly string[];
  readonly arrangement?: PlannedArrangement;
  /** What an editor should mend although the issue goes out. */
  readonly warnings: readonly Problem[];
}

/** What an editor arranged: how many posts of each kind, as they are named. */
export interface PlannedArrangement {
  readonly file: string;
  readonly occurrence: Date;
  /** The issue that has had it: this one is without it. */
  readonly usedBy?: number;
  readonly introduction: boolean;
  /** In the newsletter's language. */
  readonly subject?: string;
  readonly pinned: number;
  readonly ordered: number;
  readonly moved: number;
  readonly leftOut: number;
  readonly broughtIn: number;
}

export interface PlannedEdition {
  readonly language: string;
  readonly sections: readonly string[];
  readonly readers: number;
  /** What was shortened against clipping; absent when it is whole. */
  readonly clip?: string;
}

export interface PlanRequest extends CollectOptions {
  readonly newsletter: Newsletter;
  /** The cut-off; when absent that of the next issue as it would be sent by hand. */
  readonly now?: Date;
}

/** Plans over a scratch store, so that looking changes nothing (rule: looking-changes-nothing). */
export async function planIssue(deps: AppContext, request: PlanRequest): Promise<IssuePlan> {
  return withScratch(deps, async (scratch) => {
    const { newsletter } = request;
    const collected = await collectPosts(deps, scratch, newsletter, request);
    const now = request.now ?? deps.clock.now();
    const target = await targetForLooking(deps, scratch, newsletter, request.now);
    const draft = await draftIssue(deps, scratch, newsletter, target);
    const groups = await scratch.audience.groups(newsletter.id, now);
    const composed =
      draft.selection.outcome === 'issue' ? await composeIssue(deps, draft, writableGroups(groups)) : NO_EDITIONS;
    return reportPlan(deps, draft, collected, groups, composed);
  });
}

/** The groups somebody of whom would be written to: only they cost a rendering. */
export function writableGroups(groups: readonly CountedGroup[]): readonly CountedGroup[] {
  return groups.filter(({ skip }) => skip === undefined);
}

const NO_EDITIONS: ComposedIssue = { editions: [], routes: [] };

/** Runs a story on a private copy of the store. */
export async function withScratch<T>(deps: AppContext, story: (scratch: Store) => Promise<T>): Promise<T> {
  const scratch = await deps.store.scratch();
  try {
    return await story(scratch);
  } finally {
    await scratch.close();
  }
}

/** What a draft says to people. */
export async function reportPlan(
  deps: AppContext,
  draft: Draft,
  collected: CollectReport,
  groups: readonly CountedGroup[],
  composed: ComposedIssue,
): Promise<IssuePlan> {
  const { newsletter, target, window, selection, number } = draft;
  const digest = await fullDigest(deps, draft);
  const arrangement = plannedArrangement(draft);
  return {
    newsletter: newsletter.id,
    title: newsletter.title,
    number,
    cutoff: target.cutoff,
    since: window.since,
    outcome: selection.outcome,
    sections: digest.sections.map(({ key, title, posts }) => ({ key, title, posts: posts.map((post) => post.title) })),
    heldOver: selection.heldOver,
    posts: [...selection.verdicts.map(plannedPost), ...unknownBroken(draft, collected.broken)],
    readers: countReaders(groups, composed),
    editions: plannedEditions(groups, composed),
    failedSources: collected.failed.map(({ source }) => source),
    ...(arrangement && { arrangement }),
    warnings: [
      ...suspicionWarnings(collected),
      ...unknownPosts(draft, collected),
      ...(await deps.arrangements.strays(newsletter, target.cutoff)),
    ],
  };
}

function suspicionWarnings({ suspicions }: CollectReport): readonly Problem[] {
  return suspicions.map((suspicion) => {
    const message = `${suspicionText(suspicion)} If they are really gone, run \`${acceptCommand(suspicion.source)}\`.`;
    return { where: `content/sources.yaml, ${suspicion.source}`, message };
  });
}

function plannedArrangement({ newsletter, compose, arrangement }: Draft): PlannedArrangement | undefined {
  if (!arrangement) return undefined;
  const { file, occurrence, usedBy } = arrangement;
  const { introduction, subject, pinned, order, sections, leftOut, broughtIn } = compose.arrangement;
  const words = textFor(subject, newsletter.language, newsletter.language)?.text;
  return {
    file,
    occurrence,
    ...(usedBy !== undefined && { usedBy }),
    introduction: introduction !== undefined,
    ...(words !== undefined && { subject: words }),
    pinned: pinned.length,
    ordered: order.length,
    moved: Object.keys(sections).length,
    leftOut: leftOut.length,
    broughtIn: broughtIn.length,
  };
}

function plannedPost(verdict: Selection['verdicts'][number]): PlannedPost {
  const { post } = verdict.known;
  return {
    id: publicId(post.keys),
    title: post.title,
    ...(post.url !== undefined && { url: post.url }),
    publishedAt: post.publishedAt,
    categories: post.categories,
    verdict: verdict.in ? 'in' : 'out',
    reason: reasonText(verdict.reason),
    ...(!verdict.in && verdict.reason.kind === 'broken' && { message: verdict.reason.message }),
  };
}

/** Files that were never readable have no memory, and still must be explained. */
function unknownBroken(draft: Draft, broken: readonly BrokenPost[]): readonly PlannedPost[] {
  const known = new Set(
    draft.selection.verdicts.flatMap(({ known: each }) => (each.broken ? [each.broken.where] : [])),
  );
  return broken
    .filter(({ where }) => !known.has(where))
    .map(({ keys, where, message }) => ({
      id: publicId(keys),
      title: keys.path ?? publicId(keys),
      categories: [],
      verdict: 'out',
      reason: reasonText({ kind: 'broken', where, message }),
      message,
    }));
}

function countReaders(groups: readonly CountedGroup[], { routes }: ComposedIssue): PlannedReaders {
  const skipped: { [reason in SkipReason]?: number } = {};
  let total = 0;
  let planned = 0;
  for (const group of groups) {
    total += group.count;
    const route = routes.find((each) => each.group === group);
    const reason = group.skip ?? (route && route.edition === undefined ? 'nothing-wished' : undefined);
    if (reason) skipped[reason] = (skipped[reason] ?? 0) + group.count;
    else if (route) planned += group.count;
  }
  return { total, planned, skipped };
}

function plannedEditions(
  groups: readonly CountedGroup[],
  { editions, routes }: ComposedIssue,
): readonly PlannedEdition[] {
  return editions.map(({ key, language, sections, clip }) => {
    const mine = routes.filter(({ edition }) => edition === key).map(({ group }) => group);
    const readers = groups
      .filter((group) => !group.skip && mine.includes(group))
      .reduce((sum, { count }) => sum + count, 0);
    const shortened = clipText(clip);
    return {
      language,
      sections: sections.map((section) => section.key),
      readers,
      ...(shortened && { clip: shortened }),
    };
  });
}
