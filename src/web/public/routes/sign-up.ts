/** `/s/:newsletter`: the form, and what it sends; `/c/:token`: the confirmation. */
import { badLink, errorPage, openPage, peerOf, privatePage } from '../answer.js';
import { fieldOf, readForm } from '../forms.js';
import type { PublicContext, PublicRoutes, Route } from '../route.js';

export const signUpRoute: Route = {
  name: 'sign-up',
  add(app, door) {
    app.get('/s/:newsletter', async (context) => {
      const page = await door.flows.showSignUp(context.req.param('newsletter'), languageOf(context));
      // Its stamp is new each time, so no copy of it may be kept.
      if (!page) return errorPage(context, door, 404);
      return context.html(await door.flows.print(page), 200, { 'Cache-Control': 'no-store' });
    });
    app.post('/s/:newsletter', (context) => signUp(context, door, context.req.param('newsletter')));
    app.get('/c/:token', async (context) =>
      privatePage(context, door, await door.flows.showConfirm(context.req.param('token'))),
    );
    app.post('/c/:token', async (context) => {
      const form = await readForm(context);
      if (form.kind === 'refused') return badLink(context, door, form.status);
      if (fieldOf(form.fields, 'confirm') !== 'yes') return badLink(context, door, 400);
      return privatePage(context, door, await door.flows.confirm(context.req.param('token'), peerOf(context)));
    });
  },
};

async function signUp(context: PublicContext, door: PublicRoutes, newsletter: string): Promise<Response> {
  const peer = peerOf(context);
  if (!door.limits.mayClientAsk(peer.ip)) return errorPage(context, door, 429);
  const form = await readForm(context);
  if (form.kind === 'refused') return badLink(context, door, form.status);
  const { fields } = form;
  const answer = await door.flows.signUp({
    newsletter,
    address: fieldOf(fields, 'address'),
    name: fieldOf(fields, 'name'),
    categories: fields.getAll('category'),
    trap: fieldOf(fields, 'website'),
    stamp: fieldOf(fields, 'stamp'),
    ...peer,
    mayMail: door.limits.mayMail,
    ...(languageOf(context) && { language: languageOf(context) as string }),
  });
  if (!answer) return openPage(context, door, undefined);
  if (answer.kind === 'too-many') return errorPage(context, door, 429);
  if (answer.kind === 'asked') door.mailSignUps();
  return privatePage(context, door, answer.page);
}

/** `?lang=de`; else what the browser likes best. */
function languageOf(context: PublicContext): string | undefined {
  const given = context.req.query('lang') ?? context.req.header('Accept-Language')?.split(/[,;]/)[0]?.trim();
  return given !== undefined && /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(given) ? given : undefined;
}
