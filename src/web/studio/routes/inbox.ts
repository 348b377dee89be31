/** `/inbox`: what arrived in the studio's own mailbox. */
import type { StudioRoute } from '../open-studio-site.js';
import { framePolicy, lookFrom } from './mail.js';

export const inboxRoute: StudioRoute = {
  name: 'inbox',
  add(app, door) {
    const { flows } = door;
    app.get('/inbox', async (context) =>
      door.page(context, 'inbox', await flows.inboxPage(undefined, lookFrom(context))),
    );
    app.get('/inbox/clear', async (context) => door.page(context, 'question', await flows.inboxQuestion()));
    app.get('/inbox/:nth', async (context) =>
      door.page(context, 'inbox', await flows.inboxPage(Number(context.req.param('nth')), lookFrom(context))),
    );
    app.get('/inbox/:nth/frame', async (context) => {
      const look = lookFrom(context);
      const html = await flows.inboxFrame(Number(context.req.param('nth')), look.scheme);
      return context.html(html, 200, { 'Content-Security-Policy': framePolicy(look.images) });
    });
    app.get('/inbox/:nth/source', async (context) =>
      context.body(await flows.inboxSource(Number(context.req.param('nth'))), 200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': `attachment; filename="mail-${Number(context.req.param('nth'))}.eml"`,
      }),
    );
    app.post('/inbox/clear', async (context) => {
      await flows.clearInbox();
      return context.redirect('/inbox#inbox', 303);
    });
  },
};
