/**
 * `/u/:token`: one click by POST (RFC 8058), a page with a button by GET. No redirect, cookie or limit; repeated requests get
 * the same answer.
 */

import type { UnsubscribeChoice } from '../../../readers/unsubscribe.js';
import { PRIVATE_HEADERS } from '../../http-errors.js';
import { badLink, madePage, openPage, privatePage } from '../answer.js';
import { fieldOf, readUnsubscribeForm } from '../forms.js';
import type { Route } from '../route.js';

export const unsubscribeRoute: Route = {
  name: 'unsubscribe',
  add(app, deps) {
    // The archive is the same for everybody: its unsubscribe link names no reader.
    app.get('/u', (context) =>
      openPage(context, deps, { key: 'who', make: () => madePage(deps, deps.readers.notice('who')) }),
    );
    app.get('/u/:token', async (context) =>
      privatePage(context, deps, await deps.readers.showUnsubscribe(context.req.param('token'))),
    );
    app.post('/u/:token', async (context) => {
      const token = context.req.param('token');
      const form = await readUnsubscribeForm(context);
      if (form.kind === 'refused') return badLink(context, deps, form.status);
      if (form.kind === 'one-click') {
        if (!(await deps.readers.unsubscribeOneClick(token))) return badLink(context, deps);
        return context.body('', 200, PRIVATE_HEADERS);
      }
      const choice = choiceFrom(form.fields);
      if (!choice) return badLink(context, deps, 400);
      return privatePage(context, deps, await deps.readers.unsubscribe(token, choice));
    });
  },
};

function choiceFrom(fields: URLSearchParams): UnsubscribeChoice | undefined {
  const kind = fieldOf(fields, 'choice');
  if (kind === 'this' || kind === 'everything') return { kind };
  if (kind === 'only') return { kind, categories: fields.getAll('category') };
  return kind === 'undo' ? { kind, undo: fieldOf(fields, 'undo') } : undefined;
}
