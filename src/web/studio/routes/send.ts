/** `/n/:newsletter/send`: approve, test, send, and what becomes of it. */
import type { Context } from 'hono';
import { formOf } from '../form.js';
import type { StudioRoute } from '../open-studio-door.js';

export const sendRoute: StudioRoute = {
  name: 'send',
  add(app, door) {
    const { flows } = door;
    const back = (context: Context) =>
      context.redirect(`/n/${encodeURIComponent(context.req.param('newsletter') ?? '')}/send`, 303);
    const numberOf = (context: Context) => Number(context.req.param('number'));

    app.get('/n/:newsletter/send', async (context) =>
      door.page(context, 'send', await flows.sendPage(context.req.param('newsletter'))),
    );
    app.get('/n/:newsletter/send/confirm', async (context) =>
      door.page(context, 'confirm', await flows.confirmPage(context.req.param('newsletter'))),
    );
    app.post('/n/:newsletter/send', async (context) => {
      const form = await formOf(context);
      await flows.send(context.req.param('newsletter'), form('shown'));
      return back(context);
    });
    app.post('/n/:newsletter/test', async (context) => {
      const form = await formOf(context);
      await flows.sendTest(context.req.param('newsletter'), form('address'));
      return back(context);
    });
    app.post('/n/:newsletter/answer', async (context) => {
      const form = await formOf(context);
      const answer = form('answer');
      const newsletter = context.req.param('newsletter');
      const seen = { occurrence: form('occurrence'), shown: form('shown') };
      if (answer === 'approved' || answer === 'vetoed') await flows.answer(newsletter, answer, seen);
      else if (answer === 'withdrawn') await flows.withdraw(newsletter);
      return back(context);
    });
    app.post('/n/:newsletter/issues/:number/:action', async (context) => {
      const { newsletter, action } = context.req.param();
      const number = numberOf(context);
      if (action === 'pause') await flows.pause(newsletter, number);
      else if (action === 'resume') await flows.resume(newsletter, number);
      else if (action === 'cancel') await flows.cancel(newsletter, number);
      else if (action === 'resend-rejected' || action === 'resend-unknown')
        await flows.resend(newsletter, number, action === 'resend-rejected' ? 'rejected' : 'unknown');
      else return context.notFound();
      const form = await formOf(context);
      return form('back') === 'history'
        ? context.redirect(`/n/${encodeURIComponent(newsletter)}/issues/${number}`, 303)
        : back(context);
    });
  },
};
