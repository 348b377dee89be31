/** Checks an issue as it was composed, without its theme: nothing is read or composed again. */
import { clipText } from '../compose/shortening.js';
import { type ClipLevel, NOT_SHORTENED } from '../domain/digest.js';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { type Finding, findingOf, MOST_EXAMPLES, openMergedFindings, worstFirst } from '../domain/finding.js';
import type { Checks, EditionPlaces, Places, Source } from '../domain/ports/content.js';
import type { MailBuilder, Message } from '../domain/ports/mail.js';
import { checkOmissions } from './check-omissions.js';
import { type ComposedDraft, checkSelection } from './check-selection.js';
import { editionPlaces } from './edition-places.js';
import { buildUnsent, type UnsentIssue } from './preview-message.js';

export interface ComposedChecksDeps {
  readonly checks: Pick<Checks, 'edition' | 'sample' | 'sender' | 'message'>;
  readonly places: Places;
  readonly sources: ReadonlyMap<string, Pick<Source, 'omissions'>>;
  readonly mailBuilder: MailBuilder;
  newId(): string;
}

export type CheckComposed = ReturnType<typeof openComposedChecks>;

export function openComposedChecks({ checks, places, sources, mailBuilder, newId }: ComposedChecksDeps) {
  /** The worst first. @param now what the message that is checked is dated */
  return async function checkComposed(issue: ComposedDraft, now: Date): Promise<readonly Finding[]> {
    const { draft } = issue;
    const { newsletter } = draft;
    const where = editionPlaces(places, draft);
    const merged = openMergedFindings();
    const shortened = openShortened();
    let first: Edition | undefined;
    const check = async (edition: Edition): Promise<void> => {
      first ??= edition;
      shortened.add(edition);
      merged.add(nameOf(edition), await checks.edition(edition, newsletter, where));
    };
    for await (const edition of issue.editions) await check(edition);
    if (!first) await check(await checks.sample(newsletter));
    return worstFirst([
      ...checks.sender(newsletter, where.setting),
      ...merged.findings(),
      ...shortened.findings(where),
      ...(await checkHeaders(draft, first as unknown as Edition, now)),
      ...checkSelection(issue, places),
      ...(await checkOmissions(sources, draft.selection.chosen)),
    ]);
  };

  /** Builds a message as a reader would get it, and reads its header. */
  async function checkHeaders(issue: UnsentIssue, edition: Edition, now: Date): Promise<readonly Finding[]> {
    let message: Message;
    try {
      message = await buildUnsent(mailBuilder, { issue, edition, uid: newId() }, READER, now);
    } catch (error) {
      if (!(error instanceof GazetteError) || error.code !== 'config.invalid') throw error;
      const where = places.setting(issue.newsletter.id, 'sender');
      return [findingOf('header.invalid', { message: error.message, fix: error.hint, where })];
    }
    return checks.message(message);
  }
}

const READER = { id: 0, address: 'reader@example.org', name: '' };

/** As an editor tells editions apart: by language and sections. */
function nameOf({ language, sections }: Edition): string {
  return `${language}: ${sections.map(({ key }) => key).join(', ')}`;
}

/** Which editions are shortened: one finding for all of them, which tells how far at most. */
function openShortened() {
  const names: string[] = [];
  let [all, count] = [0, 0];
  let most = NOT_SHORTENED;
  const lost = ({ excerpts, pictures, links }: ClipLevel) => excerpts + pictures + links;
  return {
    add(edition: Edition): void {
      all += 1;
      if (lost(edition.clip) === 0) return;
      count += 1;
      if (names.length < MOST_EXAMPLES) names.push(nameOf(edition));
      if (lost(edition.clip) > lost(most)) most = edition.clip;
    },
    findings(where: EditionPlaces): readonly Finding[] {
      if (count === 0) return [];
      const message = `The issue is too long for Gmail, so it is shortened: ${count === 1 ? '' : 'up to '}${clipText(most)}.`;
      const fix = 'Lower maxPosts, or leave it so: every post is still in it, at least as a link.';
      const finding = findingOf('size.shortened', { message, fix, where: where.setting('maxPosts') });
      return [count === all ? finding : { ...finding, editions: names, editionCount: count }];
    },
  };
}
