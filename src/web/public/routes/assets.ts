/** `/assets/…`: the style sheets of themes, each state under a name of its own; and `/health` for whoever watches. */
import { errorPage } from '../answer.js';
import type { Route } from '../route.js';

export const assetsRoute: Route = {
  name: 'assets',
  add(app, door) {
    app.get('/assets/:file{[A-Za-z0-9_-]+-[0-9a-f]{16}\\.css}', async (context) => {
      const [, theme = '', version] = /^(.+)-([0-9a-f]{16})\.css$/.exec(context.req.param('file')) ?? [];
      if (!door.flows.isTheme(theme)) return errorPage(context, door, 404);
      const style = await door.flows.style(theme);
      // A page of a moment ago may still ask for the state before: it gets the present one, which no copy may keep.
      const cache = style.version === version ? 'public, max-age=31536000, immutable' : 'no-store';
      return context.body(style.css, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': cache });
    });
    app.get('/health', (context) => context.text('ok\n', 200, { 'Cache-Control': 'no-store' }));
  },
};
