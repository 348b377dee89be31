/** `POST /n/:newsletter/arrange`: one wish of the editor, written into the arrangement's file. */

import { formOf } from '../form.js';
import type { StudioRoute } from '../open-studio-door.js';

export const arrangeRoute: StudioRoute = {
  name: 'arrange',
  add(app, { flows }) {
    app.post('/n/:newsletter/arrange', async (context) => {
      const newsletter = context.req.param('newsletter');
      const form = await formOf(context);
      // The arrows name the post to change places with; every other button names what it does.
      const neighbour = form('up') || form('down');
      await flows.arrange(newsletter, {
        kind: neighbour === '' ? form('action') : 'swap',
        post: form('post'),
        section: form('section'),
        neighbour,
        text: form('text'),
        version: form('version'),
      });
      const back = form('back') === 'posts' ? '/posts' : '';
      const anchor = /^[\w-]+$/.test(form('anchor')) ? `#${form('anchor')}` : '';
      return context.redirect(`/n/${encodeURIComponent(newsletter)}${back}${anchor}`, 303);
    });
  },
};
