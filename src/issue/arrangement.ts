/** What an editor arranged for the issue being decided (rules: issue-by-hand, files): found by its occurrence, used once. */
import { type Arrangement, isEmptyArrangement, NO_ARRANGEMENT, namesIn } from '../domain/arrangement.js';
import { GazetteError, type Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Arrangements, WrittenArrangement } from '../domain/ports/content.js';
import type { Ledger, NewsletterHistory } from '../domain/ports/ledger.js';
import type { KnownPosts } from '../domain/ports/posts.js';
import type { BrokenPost } from '../domain/post.js';
import { resolveNames } from '../select/resolve-names.js';
import type { Schedules } from './schedules.js';
import type { IssueTarget } from './target.js';

/** Where the arrangement of a draft comes from; the arrangement itself is part of what the draft is composed with. */
export interface DraftArrangement {
  readonly file: string;
  readonly stem: string;
  /** Of the file it was read from. */
  readonly version: string;
  /** The occurrence it is for. */
  readonly occurrence: Date;
  /** The issue that used this version of the file: an arrangement serves once, so this draft is without it. */
  readonly usedBy?: number;
  /** The names its file uses for posts, by public id. */
  readonly names: ReadonlyMap<string, string>;
  /** Names that match no post, each with its place. */
  readonly unknown: readonly UnknownName[];
}

export interface UnknownName extends Problem {
  readonly name: string;
}

/** An arrangement that was found, before its posts are looked up. */
export interface FoundArrangement {
  readonly written: WrittenArrangement;
  readonly occurrence: Date;
  readonly usedBy?: number;
}

export interface ArrangementDeps {
  readonly arrangements: Pick<Arrangements, 'read' | 'occurrences'>;
  readonly ledger: Pick<Ledger, 'issueArrangedBy'>;
  readonly schedules: Pick<Schedules, 'startedAt' | 'awaited'>;
}

/** Throws `config.invalid` with every problem of the file. `undefined` where nothing is arranged. */
export async function findArrangement(
  deps: ArrangementDeps,
  newsletter: Newsletter,
  target: IssueTarget,
  history: NewsletterHistory,
): Promise<FoundArrangement | undefined> {
  const occurrence = await arrangedOccurrence(deps, newsletter, target, history);
  const written = await deps.arrangements.read(newsletter, occurrence);
  if (!written || isEmptyArrangement(written.arrangement)) return undefined;
  const user = await deps.ledger.issueArrangedBy(newsletter.id, written);
  return { written, occurrence, ...(user && { usedBy: user.number }) };
}

/**
 * Names that match no post. The name of a file that cannot be read matches none either, but the post exists: it is reported
 * as broken instead.
 */
export function unknownPosts(
  { arrangement }: { readonly arrangement?: DraftArrangement },
  { broken }: { readonly broken: readonly BrokenPost[] },
): readonly Problem[] {
  const names = new Set(broken.flatMap(({ keys: { id, url, path } }) => [id, url, path]));
  const unknown = (arrangement?.unknown ?? []).filter(({ name }) => !names.has(name));
  return unknown.map(({ where, message }) => ({ where, message }));
}

/** Why the next issue cannot be drafted as arranged: the problems of a `config.invalid`, with their places. */
export function arrangementTrouble(error: unknown): string | undefined {
  if (!(error instanceof GazetteError) || error.code !== 'config.invalid') return undefined;
  const problems = error.problems.map(({ where, message }) => `${where}: ${message}`);
  return problems.length > 0 ? problems.join(' ') : error.message;
}

/** An issue by hand takes the arrangement of the next issue; one that catches up takes the latest among the missed ones. */
async function arrangedOccurrence(
  { arrangements, schedules }: ArrangementDeps,
  newsletter: Newsletter,
  target: IssueTarget,
  history: NewsletterHistory,
): Promise<Date> {
  const { cutoff, manual } = target;
  const occurrence = manual ? await schedules.awaited(newsletter, history, cutoff) : target.occurrence;
  const recorded = history.lastScheduled ?? (await schedules.startedAt(newsletter));
  if (!recorded || recorded >= occurrence) return occurrence;
  return (await arrangements.occurrences(newsletter, recorded, occurrence)).at(-1) ?? occurrence;
}

/** The posts to read from the store besides the candidates. */
export function namesOf(found: FoundArrangement | undefined): readonly string[] {
  return found && found.usedBy === undefined ? namesIn(found.written.arrangement) : [];
}

/** The arrangement that applies, its posts named by their public ids, and where it comes from. */
export function applicableArrangement(
  found: FoundArrangement | undefined,
  known: Pick<KnownPosts, 'posts' | 'keys'>,
): { readonly arrangement: Arrangement; readonly origin?: DraftArrangement } {
  if (!found) return { arrangement: NO_ARRANGEMENT };
  const { written, occurrence, usedBy } = found;
  const { file, stem, version } = written;
  if (usedBy !== undefined) {
    const origin = { file, stem, version, occurrence, usedBy, names: new Map(), unknown: [] };
    return { arrangement: NO_ARRANGEMENT, origin };
  }
  const { arrangement, names, unknown } = resolveNames(written.arrangement, known.posts, known.keys);
  const named = unknown.map((name) => ({ name, where: written.whereOf(name), message: `There is no post “${name}”.` }));
  return { arrangement, origin: { file, stem, version, occurrence, names, unknown: named } };
}
