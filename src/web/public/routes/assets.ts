/** `/assets/…`: the style sheets of themes, each version under its own name; the icon; and `/health` for monitoring. */
import { errorPage } from '../answer.js';
import type { Route } from '../route.js';

/** A letter; it can be told from the ground in light and dark tabs. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#1d4f63"/><path d="M4 7h16v11H4zl8 6 8-6" fill="none" stroke="#fff" stroke-width="1.6"/></svg>';

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
    // Browsers ask for it at every visit, and take any type of picture under this name.
    app.get('/favicon.ico', (context) =>
      context.body(ICON, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=604800' }),
    );
    app.get('/health', (context) => context.text('ok\n', 200, { 'Cache-Control': 'no-store' }));
  },
};
