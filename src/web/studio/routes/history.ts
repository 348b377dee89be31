/** `/n/:newsletter/issues`: past issues, and each as it left. */
import type { StudioRoute } from '../open-studio-site.js';
import { framePolicy, lookFrom } from './mail.js';

export const historyRoute: StudioRoute = {
  name: 'history',
  add(app, door) {
    const { flows } = door;
    app.get('/n/:newsletter/issues', async (context) =>
      door.page(context, 'history', await flows.historyPage(context.req.param('newsletter'))),
    );
    app.get('/n/:newsletter/issues/:number', async (context) => {
      const { newsletter, number } = context.req.param();
      const { edition, state, reader } = context.req.query();
      return door.page(
        context,
        'past',
        await flows.pastPage(newsletter, Number(number), { edition, state, reader }, lookFrom(context)),
      );
    });
    app.get('/n/:newsletter/issues/:number/frame', async (context) => {
      const { newsletter, number } = context.req.param();
      const look = lookFrom(context);
      const html = await flows.pastFrame(newsletter, Number(number), context.req.query('edition'), look.scheme);
      return context.html(html, 200, { 'Content-Security-Policy': framePolicy(look.images) });
    });
  },
};
