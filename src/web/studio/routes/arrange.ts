/** `POST /n/:newsletter/arrange`: one wish of the editor, written into the arrangement's file. */

import { formOf } from '../form.js';
import type { StudioRoute } from '../open-studio-site.js';

export const arrangeRoute: StudioRoute = {
  name: 'arrange',
  add(app, { flows }) {
    app.post('/n/:newsletter/arrange', async (context) => {
      const newsletter = context.req.param('newsletter');
      const form = await formOf(context);
      // The arrows name the place a post is to have; every other button names what it does.
      const place = form('place');
      const kind = place === '' ? form('action') : 'place';
      await flows.arrange(newsletter, {
        kind,
        post: form('post'),
        section: form('section'),
        place,
        text: form('text'),
        version: form('version'),
      });
      const path = `/n/${encodeURIComponent(newsletter)}`;
      if (form('back') === 'posts') return context.redirect(`${path}/posts#found`, 303);
      const isGone = kind === 'leave-out' || kind === 'take-out';
      const anchor = !isGone && /^[\w-]+$/.test(form('anchor')) ? form('anchor') : 'arranged';
      return context.redirect(`${path}#${anchor}`, 303);
    });
  },
};
