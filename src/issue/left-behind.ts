/** Notices a newsletter that was renamed in its file: its readers and its history stay under the old id. */

import type { Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Places } from '../domain/ports/content.js';
import type { Ledger } from '../domain/ports/ledger.js';

export interface LeftBehindDeps {
  readonly newsletters: ReadonlyMap<string, Pick<Newsletter, 'id'>>;
  readonly ledger: Pick<Ledger, 'issues' | 'history'>;
}

/** Issues under an id that no file names any more. */
export interface LeftBehind {
  /** The id in the database. */
  readonly id: string;
  readonly issues: number;
}

/**
 * What a newsletter without an issue may have been called before; empty for one that has its own history.
 * @param newsletter its id
 */
export async function leftBehind(
  { newsletters, ledger }: LeftBehindDeps,
  newsletter: string,
): Promise<readonly LeftBehind[]> {
  if ((await ledger.history(newsletter)).lastNumber > 0) return [];
  const counts = new Map<string, number>();
  for (const issue of await ledger.issues())
    if (!newsletters.has(issue.newsletter)) counts.set(issue.newsletter, (counts.get(issue.newsletter) ?? 0) + 1);
  return [...counts].map(([id, issues]) => ({ id, issues }));
}

/** What is wrong and what to do, in whole sentences. */
export function leftBehindText(newsletter: string, { id, issues }: LeftBehind): string {
  const count = issues === 1 ? '1 issue' : `${issues} issues`;
  return `“${newsletter}” has no issue yet, and the database has ${count} of “${id}”, which no file names. If “${newsletter}” is its new name, write \`id: ${id}\` in its file again: the id is never shown to readers, the title is.`;
}

/** What to tell about a newsletter that was probably renamed, with the place of its id. */
export type Renamed = (newsletter: string) => Promise<readonly Problem[]>;

export function openRenamed({
  places,
  ...deps
}: LeftBehindDeps & { readonly places: Pick<Places, 'setting'> }): Renamed {
  return async (id) =>
    (await leftBehind(deps, id)).map((each) => ({
      where: places.setting(id, 'id'),
      message: leftBehindText(id, each),
    }));
}
