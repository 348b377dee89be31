/** A name for an edition: the sections its readers chose. */
import { sectionTitle } from '../../domain/messages.js';
import type { EditionPlan } from '../../issue/editions.js';
import type { LiveIssue } from '../live-issue.js';

export function editionName({ newsletter, full }: LiveIssue, { key, sections: keys, messages }: EditionPlan): string {
  const titles = keys.map((each) => sectionTitle(each, newsletter, messages));
  const isLong = titles.length > 3;
  const sections = isLong ? `${titles.slice(0, 2).join(', ')} + ${titles.length - 2}` : titles.join(', ');
  const name = key === full?.key ? 'Everything' : sections;
  return messages.language === newsletter.language ? name : `${name} (${messages.language})`;
}
