/** Shows the next issue as it is now: every post with its verdict, every reader count with its reason. */
import { textFor } from '../domain/arrangement.js';
import { acceptCommand } from '../domain/collecting.js';
import type { Problem } from '../domain/errors.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { Arrangements, Renderer } from '../domain/ports/content.js';
import { type BrokenPost, publicId } from '../domain/post.js';
import { reasonText, type Selection } from '../domain/selection.js';
import { unknownPosts } from './arrangement.js';
import { type CollectReport, sourceNoteText, suspicionText } from './collect.js';
import type { Draft } from './draft.js';
import { type CountedReaders, countReaders, type Editions, type PlannedEditions, writableGroups } from './editions.js';
import type { Renamed } from './left-behind.js';
import type { Look, LookRequest } from './look.js';

export interface PlannedPost {
  readonly id: string;
  readonly title: string;
  readonly url?: string;
  readonly publishedAt?: Date;
  /** The day, when no time is written. */
  readonly publishedOn?: string;
  readonly categories: readonly string[];
  readonly verdict: 'in' | 'out';
  readonly reason: string;
  /** Why a broken post could not be read. */
  readonly message?: string;
}

export type PlannedReaders = Omit<CountedReaders, 'byEdition'>;

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
  /** What the sources hold besides posts, a sentence each. */
  readonly notes: readonly string[];
  readonly arrangement?: PlannedArrangement;
  /** What an editor should fix although the issue can be sent. */
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
}

export type PlanRequest = LookRequest;

export type Plans = ReturnType<typeof openPlans>;

export interface PlansDeps {
  readonly look: Look;
  readonly editions: Pick<Editions, 'plan'>;
  readonly arrangements: Pick<Arrangements, 'strays'>;
  readonly renderer: Pick<Renderer, 'hashes'>;
  readonly renamed: Renamed;
}

export function openPlans({ look, editions, arrangements, renderer, renamed }: PlansDeps) {
  /** Plans over a scratch copy (rule: looking-changes-nothing). Renders nothing. Throws `theme.missing`. */
  async function plan(request: PlanRequest, now: Date): Promise<IssuePlan> {
    await renderer.hashes(request.newsletter.theme);
    const { plan: shown } = await look({ ...request, everyPost: true }, now, ({ draft, collected, groups }) =>
      report(draft, collected, groups),
    );
    return shown;
  }

  /** A draft as people read it, with its editions; none where there is no issue. */
  async function report(
    draft: Draft,
    collected: CollectReport,
    groups: readonly CountedGroup[],
  ): Promise<{ readonly plan: IssuePlan; readonly planned: PlannedEditions }> {
    const writable = draft.selection.outcome === 'issue' ? writableGroups(groups) : [];
    const planned = await editions.plan(draft, writable);
    return { plan: await planFrom(draft, collected, { groups, planned }), planned };
  }

  async function planFrom(
    draft: Draft,
    collected: CollectReport,
    { groups, planned }: { readonly groups: readonly CountedGroup[]; readonly planned: PlannedEditions },
  ): Promise<IssuePlan> {
    const { newsletter, target, window, selection, number } = draft;
    const arrangement = plannedArrangement(draft);
    const { total, planned: reached, skipped, byEdition } = countReaders(groups, planned);
    return {
      newsletter: newsletter.id,
      title: newsletter.title,
      number,
      cutoff: target.cutoff,
      since: window.since,
      outcome: selection.outcome,
      sections: planned.full.sections.map(({ key, title, posts }) => ({
        key,
        title,
        posts: posts.map((post) => post.title),
      })),
      heldOver: selection.carriedOver,
      posts: [...selection.verdicts.map(plannedPost), ...unknownBroken(draft, collected.broken)],
      readers: { total, planned: reached, skipped },
      editions: plannedEditions(planned, byEdition),
      failedSources: collected.failed.map(({ source }) => source),
      notes: collected.notes.map(sourceNoteText),
      ...(arrangement && { arrangement }),
      warnings: [
        ...(await renamed(newsletter.id)),
        ...suspicionWarnings(collected),
        ...unknownPosts(draft, collected),
        ...(await arrangements.strays(newsletter, target.cutoff)),
      ],
    };
  }

  return { plan, report };
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
  const { introduction, subject, pinned, order, sections, excluded, added } = compose.arrangement;
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
    leftOut: excluded.length,
    broughtIn: added.length,
  };
}

function plannedPost(verdict: Selection['verdicts'][number]): PlannedPost {
  const { post } = verdict.known;
  return {
    id: publicId(post.keys),
    title: post.title,
    ...(post.url !== undefined && { url: post.url }),
    publishedAt: post.publishedAt,
    ...(post.publishedOn !== undefined && { publishedOn: post.publishedOn }),
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

function plannedEditions(
  { editions }: PlannedEditions,
  readers: ReadonlyMap<string, number>,
): readonly PlannedEdition[] {
  return editions.map(({ key, messages, sections }) => ({
    language: messages.language,
    sections,
    readers: readers.get(key) ?? 0,
  }));
}
