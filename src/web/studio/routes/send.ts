/** `/n/:newsletter/send`: approve, test, send, and what becomes of it. */
import type { Context } from 'hono';
import { ISSUE_QUESTIONS } from '../../../studio/questions.js';
import { formOf } from '../form.js';
import type { StudioRoute } from '../open-studio-site.js';

export const sendRoute: StudioRoute = {
  name: 'send',
  add(app, door) {
    const { flows } = door;
    /** To the page of sending, at what tells of the act. */
    const back = (context: Context, place: string) =>
      context.redirect(`/n/${encodeURIComponent(context.req.param('newsletter') ?? '')}/send#${place}`, 303);

    app.get('/n/:newsletter/send', async (context) =>
      door.page(context, 'send', await flows.sendPage(context.req.param('newsletter'))),
    );
    app.get('/n/:newsletter/send/confirm', async (context) =>
      door.page(context, 'confirm', await flows.confirmPage(context.req.param('newsletter'))),
    );
    app.get('/n/:newsletter/send/veto', async (context) =>
      door.page(context, 'question', await flows.vetoQuestion(context.req.param('newsletter'))),
    );
    app.get('/n/:newsletter/send/withdraw', async (context) =>
      door.page(context, 'question', await flows.withdrawQuestion(context.req.param('newsletter'))),
    );
    app.post('/n/:newsletter/send', async (context) => {
      const form = await formOf(context);
      await flows.send(context.req.param('newsletter'), form('shown'), form('turn'));
      return back(context, 'sending');
    });
    app.post('/n/:newsletter/test', async (context) => {
      const form = await formOf(context);
      await flows.sendTest(context.req.param('newsletter'), form('address'), form('turn'));
      return back(context, 'said');
    });
    app.post('/n/:newsletter/answer', async (context) => {
      const form = await formOf(context);
      const answer = form('answer');
      const newsletter = context.req.param('newsletter');
      const seen = { occurrence: form('occurrence'), shown: form('shown') };
      if (answer === 'approved' || answer === 'vetoed') await flows.answer(newsletter, answer, seen, form('turn'));
      else if (answer === 'withdrawn') await flows.withdraw(newsletter, { at: form('at') }, form('turn'));
      return back(context, 'approval');
    });
    app.get('/n/:newsletter/issues/:number/:question', async (context, next) => {
      const { newsletter, number } = context.req.param();
      const question = ISSUE_QUESTIONS.find((each) => each === context.req.param('question'));
      if (!question) return next();
      const from = context.req.query('back') ?? '';
      return door.page(context, 'question', await flows.issueQuestion(newsletter, Number(number), question, from));
    });
    app.post('/n/:newsletter/issues/:number/:action', async (context) => {
      const { newsletter, action } = context.req.param();
      const number = Number(context.req.param('number'));
      const form = await formOf(context);
      const turn = form('turn');
      if (action === 'pause') await flows.pause(newsletter, number, turn);
      else if (action === 'resume') await flows.resume(newsletter, number, turn);
      else if (action === 'return') await flows.returnRefused(newsletter, number, turn);
      else if (action === 'cancel') await flows.cancel(newsletter, number, turn);
      else if (action === 'resend-rejected' || action === 'resend-unknown')
        await flows.resend(newsletter, number, action === 'resend-rejected' ? 'rejected' : 'unknown', turn);
      else return context.notFound();
      return form('back') === 'history'
        ? context.redirect(`/n/${encodeURIComponent(newsletter)}/issues/${number}#sending`, 303)
        : back(context, 'sending');
    });
  },
};
