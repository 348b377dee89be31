/** Every route of the public pages. A new one is one file and one line here. */
import type { Route } from './route.js';
import { archiveRoute } from './routes/archive.js';
import { assetsRoute } from './routes/assets.js';
import { hooksRoute } from './routes/hooks.js';
import { preferencesRoute } from './routes/preferences.js';
import { signUpRoute } from './routes/sign-up.js';
import { unsubscribeRoute } from './routes/unsubscribe.js';

export const ROUTES: readonly Route[] = [
  unsubscribeRoute,
  signUpRoute,
  preferencesRoute,
  archiveRoute,
  assetsRoute,
  hooksRoute,
];
