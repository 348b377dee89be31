/** `/n/:newsletter/mail`: the mail from every side; the frames it is shown in. */
import type { Context } from 'hono';
import type { MailChoice, MailLook } from '../../../studio/show-mail.js';
import type { StudioRoute } from '../open-studio-site.js';

/** A mail in its frame: its own styles, pictures as the editor asks, and nothing in it may act or lead anywhere. */
export function framePolicy(withImages: boolean): string {
  const images = withImages ? 'img-src https: http: data:; ' : '';
  return `default-src 'none'; style-src 'unsafe-inline'; ${images}form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox`;
}

/** A mail that axe looks at: our own scripts beside it, and none of its own. */
const AXE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src https: http: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

export const mailRoute: StudioRoute = {
  name: 'mail',
  add(app, door) {
    const { flows } = door;
    app.get('/n/:newsletter/mail', async (context) =>
      door.page(
        context,
        'mail',
        await flows.mailPage(context.req.param('newsletter'), choiceFrom(context), lookFrom(context)),
      ),
    );
    app.get('/n/:newsletter/frame', async (context) => {
      const look = lookFrom(context);
      const html = await flows.mailFrame(context.req.param('newsletter'), choiceFrom(context), look.scheme);
      return context.html(html, 200, { 'Content-Security-Policy': framePolicy(look.images) });
    });
    app.get('/n/:newsletter/axe', async (context) => {
      const html = await flows.mailFrame(context.req.param('newsletter'), choiceFrom(context), 'light');
      const scripts = '<script src="/assets/axe.js"></script><script src="/assets/run-axe.js"></script>';
      const watched = html.includes('</body>') ? html.replace('</body>', `${scripts}</body>`) : html + scripts;
      return context.html(watched, 200, { 'Content-Security-Policy': AXE_POLICY });
    });
  },
};

export function choiceFrom(context: Context): MailChoice {
  const { edition, reader, language } = context.req.query();
  const wish = context.req.queries('wish');
  return {
    ...(edition && { edition }),
    ...(reader?.trim() && { reader }),
    ...(language && { language }),
    ...(context.req.query('by') === 'wish' && { wish: wish ?? [] }),
  };
}

export function lookFrom(context: Context): MailLook {
  const { view, width, scheme, images, beside } = context.req.query();
  return {
    view: oneOf(['html', 'text', 'headers', 'source'] as const, view),
    width: oneOf(['desktop', 'phone', 'tablet'] as const, width),
    scheme: oneOf(['light', 'dark'] as const, scheme),
    images: images !== 'off',
    beside: beside || undefined,
  };
}

function oneOf<T extends string>(values: readonly [T, ...T[]], given: string | undefined): T {
  return values.find((value) => value === given) ?? values[0];
}
