/** `/p/:token`: what a reader gets, when and at which address, and what is stored about them. */
import type { Requester } from '../../../readers/address-change.js';
import type { PreferencesChange } from '../../../readers/preferences.js';
import { PRIVATE_HEADERS } from '../../http-errors.js';
import { badLink, errorPage, peerOf, privatePage } from '../answer.js';
import { fieldOf, readForm } from '../forms.js';
import type { Route } from '../route.js';

export const preferencesRoute: Route = {
  name: 'preferences',
  add(app, deps) {
    app.get('/p/:token', async (context) => {
      const done = DONE.find((each) => each === context.req.query('done'));
      const page = await deps.readers.showPreferences(context.req.param('token'), done && { saved: done });
      return privatePage(context, deps, page);
    });
    app.get('/p/:token/data', async (context) => {
      const data = await deps.readers.readOwnData(context.req.param('token'));
      if (!data) return badLink(context, deps);
      const headers = { ...PRIVATE_HEADERS, 'Content-Disposition': 'attachment; filename="my-data.json"' };
      return context.body(`${JSON.stringify(data, null, 2)}\n`, 200, {
        ...headers,
        'Content-Type': 'application/json; charset=utf-8',
      });
    });
    app.post('/p/:token', async (context) => {
      const token = context.req.param('token');
      const form = await readForm(context);
      if (form.kind === 'refused') return badLink(context, deps, form.status);
      const peer = peerOf(context, deps);
      const change = changeFrom(form.fields, { ...peer, mayMail: deps.limits.mayMail });
      if (!change) return badLink(context, deps, 400);
      if (change.kind === 'address' && !deps.limits.mayClientAsk(peer.ip)) return errorPage(context, deps, 429);
      const page = await deps.readers.changePreferences(token, change);
      if (page === 'too-many') return errorPage(context, deps, 429);
      if (page && change.kind === 'address') deps.mailSignUps();
      const saved = page?.view.kind === 'preferences' ? page.view.saved : null;
      if (saved === null) return privatePage(context, deps, page);
      // So that going back and forth in the browser sends nothing again.
      for (const [name, value] of Object.entries(PRIVATE_HEADERS)) context.header(name, value);
      return context.redirect(`${deps.readers.preferencesPath(token)}?done=${saved}`, 303);
    });
  },
};

/** What a form has done, in the address of the page that says so. */
const DONE = ['saved', 'paused', 'resumed', 'address-asked'] as const;

function changeFrom(fields: URLSearchParams, requester: Requester): PreferencesChange | undefined {
  const kind = fieldOf(fields, 'part');
  switch (kind) {
    case 'wishes':
      return {
        kind: 'preferences',
        isChosen: fieldOf(fields, 'wish') === 'only',
        categories: fields.getAll('category'),
        newsletters: fields.getAll('newsletter'),
        name: fieldOf(fields, 'name'),
        language: fieldOf(fields, 'language'),
      };
    case 'pause':
      return { kind, until: fieldOf(fields, 'until') };
    case 'resume':
      return { kind };
    case 'address':
      return { kind, address: fieldOf(fields, 'address'), ...requester };
    case 'erase':
      return { kind, sure: fieldOf(fields, 'sure') === 'yes' };
    default:
      return undefined;
  }
}
