/** What an editor arranged for the issue that is being decided (rules: issue-by-hand, files): found by its occurrence, and used once. */
import { type Arrangement, isEmptyArrangement, NO_ARRANGEMENT, namesIn } from '../domain/arrangement.js';
import { GazetteError, type Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { WrittenArrangement } from '../domain/ports/content.js';
import type { KnownPosts, Ledger, NewsletterHistory } from '../domain/ports/storage.js';
import type { BrokenPost } from '../domain/post.js';
import { resolveNames } from '../select/resolve-names.js';
import type { AppContext } from './app-context.js';
import type { IssueTarget } from './draft.js';
import { nextOccurrence, scheduleStart } from './schedule-start.js';

/** The arrangement of a draft; the arrangement itself is what the draft is composed with. */
export interface DraftArrangement {
  readonly file: string;
  readonly stem: string;
  /** Of the file it was read from. */
  readonly version: string;
  /** The occurrence it is for. */
  readonly occurrence: Date;
  /** The issue that has had it as it stands: it serves once, so this draft is without it. */
  readonly usedBy?: number;
  /** How its file names posts, by their public ids. */
  readonly names: ReadonlyMap<string, string>;
  /** Names that no post has, each with its place. */
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

/** Throws `config.invalid` with every problem of the file. `undefined` where nobody arranged anything. */
export async function findArrangement(
  deps: AppContext,
  ledger: Pick<Ledger, 'issueArrangedBy'>,
  newsletter: Newsletter,
  target: IssueTarget,
  history: NewsletterHistory,
): Promise<FoundArrangement | undefined> {
  if (target.unarranged) return undefined;
  const occurrence = await arrangedOccurrence(deps, newsletter, target, history);
  const written = await deps.arrangements.read(newsletter, occurrence);
  if (!written || isEmptyArrangement(written.arrangement)) return undefined;
  const user = await ledger.issueArrangedBy(newsletter.id, written);
  return { written, occurrence, ...(user && { usedBy: user.number }) };
}

/** Names that no post has. A file that cannot be read is a post nobody knows, but it is there: it is told as broken. */
export function unknownPosts(
  { arrangement }: { readonly arrangement?: DraftArrangement },
  { broken }: { readonly broken: readonly BrokenPost[] },
): readonly Problem[] {
  const names = new Set(broken.flatMap(({ keys: { id, url, path } }) => [id, url, path]));
  const unknown = (arrangement?.unknown ?? []).filter(({ name }) => !names.has(name));
  return unknown.map(({ where, message }) => ({ where, message }));
}

/** Why the next issue cannot be drafted as it was arranged: what `config.invalid` says, with its place. */
export function arrangementTrouble(error: unknown): string | undefined {
  if (!(error instanceof GazetteError) || error.code !== 'config.invalid') return undefined;
  const problems = error.problems.map(({ where, message }) => `${where}: ${message}`);
  return problems.length > 0 ? problems.join(' ') : error.message;
}

/** By hand goes what the next issue would have; an issue that catches up on missed ones has the latest there is among them. */
async function arrangedOccurrence(
  deps: AppContext,
  newsletter: Newsletter,
  target: IssueTarget,
  history: NewsletterHistory,
): Promise<Date> {
  const { cutoff, manual } = target;
  const occurrence = manual ? await nextOccurrence(deps, newsletter, history, cutoff) : target.occurrence;
  const recorded = history.lastScheduled ?? (await scheduleStart(deps, newsletter));
  if (!recorded || recorded >= occurrence) return occurrence;
  return (await deps.arrangements.occurrences(newsletter, recorded, occurrence)).at(-1) ?? occurrence;
}

/** What to ask a store for beside the candidates. */
export function namesOf(found: FoundArrangement | undefined): readonly string[] {
  return found && found.usedBy === undefined ? namesIn(found.written.arrangement) : [];
}

/** The arrangement in force, its posts named by their public ids, and what is to be said about it. */
export function inForce(
  found: FoundArrangement | undefined,
  known: Pick<KnownPosts, 'posts' | 'keys'>,
): { readonly arrangement: Arrangement; readonly about?: DraftArrangement } {
  if (!found) return { arrangement: NO_ARRANGEMENT };
  const { written, occurrence, usedBy } = found;
  const { file, stem, version } = written;
  if (usedBy !== undefined) {
    return {
      arrangement: NO_ARRANGEMENT,
      about: { file, stem, version, occurrence, usedBy, names: new Map(), unknown: [] },
    };
  }
  const { arrangement, names, unknown } = resolveNames(written.arrangement, known.posts, known.keys);
  const told = unknown.map((name) => ({ name, where: written.whereOf(name), message: `There is no post “${name}”.` }));
  return { arrangement, about: { file, stem, version, occurrence, names, unknown: told } };
}
