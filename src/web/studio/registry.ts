/** Every subject of the editor's door. A new one is a file and a line here. */
import type { StudioRoute } from './open-studio-site.js';
import { arrangeRoute } from './routes/arrange.js';
import { assetsRoute } from './routes/assets.js';
import { historyRoute } from './routes/history.js';
import { inboxRoute } from './routes/inbox.js';
import { issueRoute } from './routes/issue.js';
import { mailRoute } from './routes/mail.js';
import { sendRoute } from './routes/send.js';

export const ROUTES: readonly StudioRoute[] = [
  assetsRoute,
  inboxRoute,
  issueRoute,
  mailRoute,
  arrangeRoute,
  sendRoute,
  historyRoute,
];
