/** Writes an editor's changes into the file of the arrangement. */

import { isDeepStrictEqual } from 'node:util';
import { NO_ARRANGEMENT } from '../../domain/arrangement.js';
import { GazetteError } from '../../domain/errors.js';
import { asWritten } from '../../select/resolve-names.js';
import { type ArrangementChange, changeArrangement } from '../change-arrangement.js';
import { shownSections } from '../live-issue.js';
import type { StudioParts } from '../parts.js';

export function openArrangementActions({ live }: Pick<StudioParts, 'live'>) {
  let queue: Promise<void> = Promise.resolve();

  /** Applies one change. Throws `config.changed` if the file is not the one the editor saw. */
  function change(newsletter: string, asked: ArrangementChange): Promise<void> {
    // One after another, so that the second of two equal changes finds that there is nothing left to do.
    const done = queue.then(() => apply(newsletter, asked));
    queue = done.catch(() => undefined);
    return done;
  }

  async function apply(newsletter: string, asked: ArrangementChange): Promise<void> {
    const issue = await live.issue(newsletter);
    const { arrangement, compose } = issue.draft;
    const version = issue.written?.version;
    const isInForce = arrangement !== undefined && arrangement.usedBy === undefined;
    const sections = shownSections(issue);
    const shown = new Map(sections.map(({ key, posts }) => [key, posts.map(({ id }) => id)]));
    // An arrangement that an issue has used is replaced by a new one.
    const before = isInForce ? compose.arrangement : NO_ARRANGEMENT;
    const after = changeArrangement(before, asked, shown);
    // If it is so already, nothing is written, whatever else has changed in the file.
    if (isDeepStrictEqual(after, before)) return;
    if ((version ?? '') !== asked.version || (isInForce && arrangement.version !== version)) {
      throw new GazetteError('config.changed', `${issue.arrangementFile} has changed since this page was loaded.`, {
        hint: 'Look at the issue again, then repeat your change. Nothing was written.',
      });
    }
    // Pages name posts by their public ids; the file keeps the names its author chose.
    const written = asWritten(after, arrangement?.names ?? new Map());
    await live.app().arrangements.write(issue.newsletter, issue.arrangedFor, written, version);
    await live.redraft();
  }

  return { change };
}
