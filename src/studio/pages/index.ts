/** Every page of the studio with its frames and downloads. A new page is a file here, a template and a line. */
import type { StudioRoute } from '../page.js';
import { axeFrame, checksPage } from './checks.js';
import { confirmSendPage } from './confirm-send.js';
import { historyPage } from './history.js';
import { inboxDownload, inboxFrame, inboxPage } from './inbox.js';
import { issuePage } from './issue.js';
import { mailFrame, mailPage } from './mail.js';
import { pastIssueFrame, pastIssuePage } from './past-issue.js';
import { postsPage } from './posts.js';
import { clearInboxPage, issueQuestionPage, vetoPage, withdrawPage } from './question.js';
import { sendPage } from './send.js';

export const ROUTES: readonly StudioRoute[] = [
  issuePage,
  postsPage,
  ...[mailPage, mailFrame],
  ...[checksPage, axeFrame],
  sendPage,
  confirmSendPage,
  ...[vetoPage, withdrawPage, issueQuestionPage, clearInboxPage],
  historyPage,
  ...[pastIssuePage, pastIssueFrame],
  ...[inboxPage, inboxFrame, inboxDownload],
];
