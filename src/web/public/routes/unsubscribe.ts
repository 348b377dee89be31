/**
 * `/u/:token`: one click by POST (RFC 8058), a page with a button by GET. No redirect, no cookie, no limit; the same answer
 * however often it is asked.
 */

import type { UnsubscribeChoice } from '../../../readers/unsubscribe.js';
import { PRIVATE_HEADERS } from '../../http-errors.js';
import { badLink, openPage, privatePage } from '../answer.js';
import { fieldOf, readForm } from '../forms.js';
import type { Route } from '../route.js';

export const unsubscribeRoute: Route = {
  name: 'unsubscribe',
  add(app, door) {
    // The archive is the same for everybody: its links to leave cannot know whom they are for.
    app.get('/u', async (context) => openPage(context, door, await door.flows.notice('who')));
    app.get('/u/:token', async (context) =>
      privatePage(context, door, await door.flows.showUnsubscribe(context.req.param('token'))),
    );
    app.post('/u/:token', async (context) => {
      const token = context.req.param('token');
      const form = await readForm(context);
      if (form.kind === 'refused') return badLink(context, door, form.status);
      if (fieldOf(form.fields, 'List-Unsubscribe') === 'One-Click') {
        if (!(await door.flows.unsubscribeOneClick(token))) return badLink(context, door);
        return context.body('', 200, PRIVATE_HEADERS);
      }
      const choice = choiceFrom(form.fields);
      if (!choice) return badLink(context, door, 400);
      return privatePage(context, door, await door.flows.unsubscribe(token, choice));
    });
  },
};

function choiceFrom(fields: URLSearchParams): UnsubscribeChoice | undefined {
  const kind = fieldOf(fields, 'choice');
  if (kind === 'this' || kind === 'everything') return { kind };
  if (kind === 'only') return { kind, categories: fields.getAll('category') };
  return kind === 'undo' ? { kind, undo: fieldOf(fields, 'undo') } : undefined;
}
