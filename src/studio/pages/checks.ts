/** What an editor should fix: the checks of every edition and the theme, links on request, and axe on the mail. */
import type { StudioFrame, StudioPage } from '../page.js';
import { type ChecksView, checksView, issueFindings } from '../views/checks-view.js';
import { versionOf } from '../views/frame.js';
import { mailFrame } from './mail.js';

export interface ChecksPageView extends ChecksView {
  /** When links were last followed. */
  readonly followedAt: Date | null;
  readonly frameVersion: string;
}

export const checksPage: StudioPage<ChecksPageView> = {
  kind: 'page',
  path: '/n/:newsletter/checks',
  template: 'checks',
  tab: 'checks',
  async view({ live, linkChecks }, { param }) {
    const issue = await live.issue(param('newsletter'));
    const { newsletter, planned, full } = issue;
    const links = linkChecks.get(newsletter.id);
    const theme = await live.app().checks.theme(newsletter.theme);
    const findings = await issueFindings(live, issue, planned.editions);
    return {
      ...checksView([...theme, ...findings, ...(links?.findings ?? [])]),
      followedAt: links?.at ?? null,
      frameVersion: full ? versionOf((await live.render(issue, full)).mail) : '',
    };
  },
};

/** The mail with axe beside it, which reports to the page. */
export const axeFrame: StudioFrame = {
  kind: 'frame',
  path: '/n/:newsletter/axe',
  inspection: 'axe',
  html: mailFrame.html,
};
