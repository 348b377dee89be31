/** `/`: the newsletters; `/n/:newsletter`: its next issue; `/n/:newsletter/posts`: every post and why it is in or out. */
import { formOf } from '../form.js';
import type { StudioRoute } from '../open-studio-site.js';

export const issueRoute: StudioRoute = {
  name: 'issue',
  add(app, door) {
    const { flows } = door;
    app.get('/', (context) => context.redirect(`/n/${encodeURIComponent(flows.newsletterIds()[0] ?? '')}`, 302));
    app.get('/n/:newsletter', async (context) =>
      door.page(context, 'issue', await flows.issuePage(context.req.param('newsletter'))),
    );
    app.get('/n/:newsletter/posts', async (context) =>
      door.page(
        context,
        'posts',
        await flows.postsPage(context.req.param('newsletter'), {
          words: context.req.query('words') ?? '',
          page: Math.max(1, Math.trunc(Number(context.req.query('page') ?? 1)) || 1),
        }),
      ),
    );
    app.post('/n/:newsletter/withdrawals', async (context) => {
      const newsletter = context.req.param('newsletter');
      const form = await formOf(context);
      await flows.acceptWithdrawals(newsletter, form('source'), form('since'));
      return context.redirect(`/n/${encodeURIComponent(newsletter)}`, 303);
    });
    app.get('/n/:newsletter/checks', async (context) =>
      door.page(context, 'checks', await flows.checksPage(context.req.param('newsletter'))),
    );
    app.post('/n/:newsletter/checks', async (context) => {
      const newsletter = context.req.param('newsletter');
      await flows.askLinks(newsletter);
      return context.redirect(`/n/${encodeURIComponent(newsletter)}/checks`, 303);
    });
  },
};
