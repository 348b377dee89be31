/** A person's answer to a listing that was not believed: the posts it lacks are really gone (rule: withdrawn). */

import { type CollectDeps, collectSource } from './collect.js';
import { sourceNamed } from './read-sources.js';

export interface AcceptReport {
  readonly source: string;
  /** How many posts count as gone now; 0 where nothing was in question, or all of them are back. */
  readonly withdrawn: number;
}

/**
 * Reads the source again and gives up what is still missing of these posts. Throws `source.failed`.
 * @param missing uids the person was shown; when absent, those in question in the store, or else at a new look
 */
export async function acceptWithdrawals(
  deps: CollectDeps,
  name: string,
  now: Date,
  missing?: readonly string[],
): Promise<AcceptReport> {
  const source = sourceNamed(deps, name);
  const { posts } = deps.store;
  const inQuestion = async () => (await posts.suspicions()).get(name)?.missing ?? [];
  let accepted = missing ?? (await inQuestion());
  // `plan` may have shown what is missing before any collection was to remember it.
  if (missing === undefined && accepted.length === 0) {
    await collectSource(deps, source, now, {});
    accepted = await inQuestion();
  }
  if (accepted.length === 0) return { source: name, withdrawn: 0 };
  await collectSource(deps, source, now, { acceptWithdrawals: new Set(accepted) });
  const known = await posts.known([name]);
  const gone = new Set(known.posts.flatMap(({ uid, withdrawnAt }) => (withdrawnAt ? [uid] : [])));
  const withdrawn = accepted.filter((uid) => gone.has(uid)).length;
  deps.log.info('source.withdrawals-accepted', { source: name, withdrawn });
  return { source: name, withdrawn };
}
