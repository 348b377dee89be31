/** `/s/:newsletter`: the sign-up form; `/c/:token`: the confirmation. */
import { badLink, errorPage, madePage, openPage, peerOf, privatePage } from '../answer.js';
import { fieldOf, readForm } from '../forms.js';
import type { PublicContext, Route, RouteDeps } from '../route.js';

export const signUpRoute: Route = {
  name: 'sign-up',
  add(app, deps) {
    app.get('/s/:newsletter', async (context) => {
      const newsletter = context.req.param('newsletter');
      const language = await deps.readers.signUpLanguage(newsletter, languageOf(context));
      if (language === undefined) return errorPage(context, deps, 404);
      return openPage(context, deps, {
        key: `sign-up ${newsletter} ${language}`,
        // It has a stamp of when it was shown: others must not cache it, and here it is kept for a second.
        cacheControl: 'no-store',
        keepMs: 1_000,
        async make() {
          const made = await madePage(deps, await deps.readers.showSignUp(newsletter, language));
          return made && { ...made, headers: { ...made.headers, Vary: 'Accept-Language' } };
        },
      });
    });
    app.post('/s/:newsletter', (context) => signUp(context, deps, context.req.param('newsletter')));
    app.get('/c/:token', async (context) =>
      privatePage(context, deps, await deps.readers.showConfirm(context.req.param('token'))),
    );
    app.post('/c/:token', async (context) => {
      const form = await readForm(context);
      if (form.kind === 'refused') return badLink(context, deps, form.status);
      if (fieldOf(form.fields, 'confirm') !== 'yes') return badLink(context, deps, 400);
      return privatePage(context, deps, await deps.readers.confirm(context.req.param('token'), peerOf(context, deps)));
    });
  },
};

async function signUp(context: PublicContext, deps: RouteDeps, newsletter: string): Promise<Response> {
  const peer = peerOf(context, deps);
  if (!deps.limits.mayClientAsk(peer.ip)) return errorPage(context, deps, 429);
  const form = await readForm(context);
  if (form.kind === 'refused') return badLink(context, deps, form.status);
  const { fields } = form;
  const answer = await deps.readers.signUp({
    newsletter,
    address: fieldOf(fields, 'address'),
    name: fieldOf(fields, 'name'),
    categories: fields.getAll('category'),
    trap: fieldOf(fields, 'website'),
    stamp: fieldOf(fields, 'stamp'),
    ...peer,
    mayMail: deps.limits.mayMail,
    ...(languageOf(context) && { language: languageOf(context) as string }),
  });
  if (!answer) return errorPage(context, deps, 404);
  if (answer.kind === 'too-many') return errorPage(context, deps, 429);
  if (answer.kind === 'asked') deps.mailSignUps();
  return privatePage(context, deps, answer.page);
}

/** `?lang=de`; else the browser's first language. */
function languageOf(context: PublicContext): string | undefined {
  const given = context.req.query('lang') ?? context.req.header('Accept-Language')?.split(/[,;]/)[0]?.trim();
  return given !== undefined && /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(given) ? given : undefined;
}
