/** `/p/:token`: what a reader gets, when and where, and what is kept of them. */
import type { Asker, PreferencesChange } from '../../../readers/preferences.js';
import { PRIVATE_HEADERS } from '../../http-errors.js';
import { badLink, errorPage, peerOf, privatePage } from '../answer.js';
import { fieldOf, readForm } from '../forms.js';
import type { Route } from '../route.js';

export const preferencesRoute: Route = {
  name: 'preferences',
  add(app, door) {
    app.get('/p/:token', async (context) =>
      privatePage(context, door, await door.flows.showPreferences(context.req.param('token'))),
    );
    app.get('/p/:token/data', async (context) => {
      const data = await door.flows.readOwnData(context.req.param('token'));
      if (!data) return badLink(context, door);
      const headers = { ...PRIVATE_HEADERS, 'Content-Disposition': 'attachment; filename="my-data.json"' };
      return context.body(`${JSON.stringify(data, null, 2)}\n`, 200, {
        ...headers,
        'Content-Type': 'application/json; charset=utf-8',
      });
    });
    app.post('/p/:token', async (context) => {
      const token = context.req.param('token');
      const form = await readForm(context);
      if (form.kind === 'refused') return badLink(context, door, form.status);
      const peer = peerOf(context);
      const change = changeFrom(form.fields, { ...peer, mayMail: door.limits.mayMail });
      if (!change) return badLink(context, door, 400);
      if (change.kind === 'address' && !door.limits.mayClientAsk(peer.ip)) return errorPage(context, door, 429);
      const page = await door.flows.changePreferences(token, change);
      if (page === 'too-many') return errorPage(context, door, 429);
      if (page && change.kind === 'address') door.mailSignUps();
      return privatePage(context, door, page);
    });
  },
};

function changeFrom(fields: URLSearchParams, asker: Asker): PreferencesChange | undefined {
  const kind = fieldOf(fields, 'part');
  switch (kind) {
    case 'wishes':
      return {
        kind,
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
      return { kind, address: fieldOf(fields, 'address'), ...asker };
    case 'erase':
      return { kind, sure: fieldOf(fields, 'sure') === 'yes' };
    default:
      return undefined;
  }
}
