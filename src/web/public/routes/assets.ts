/** `/assets/…`: the style sheets of themes, each version under its own name; no icon; and `/health` for monitoring. */
import { errorPage } from '../answer.js';
import type { Route } from '../route.js';

export const assetsRoute: Route = {
  name: 'assets',
  add(app, deps) {
    app.get('/assets/:file{[A-Za-z0-9_-]+-[0-9a-f]{16}\\.css}', async (context) => {
      const [, theme = '', version] = /^(.+)-([0-9a-f]{16})\.css$/.exec(context.req.param('file')) ?? [];
      if (!deps.readers.isTheme(theme)) return errorPage(context, deps, 404);
      const style = await deps.readers.style(theme);
      // A page printed before a change asks for the old version: it gets the current one, not to be cached.
      const cache = style.version === version ? 'public, max-age=31536000, immutable' : 'no-store';
      return context.body(style.css, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': cache });
    });
    // Browsers ask for it at every visit.
    app.get('/favicon.ico', (context) => context.body(null, 204, { 'Cache-Control': 'public, max-age=604800' }));
    app.get('/health', (context) => context.text('ok\n', 200, { 'Cache-Control': 'no-store' }));
  },
};
