/** `/archive/…`: past issues, posts by category, and their feeds, for everybody. */
import { MAIL_POLICY } from '../../http-errors.js';
import { errorPage, openPage, validated } from '../answer.js';
import type { PublicContext, Route } from '../route.js';

const FEED = 'application/atom+xml; charset=utf-8';
/** Short, because a withdrawn post must disappear from caches soon. */
const CACHE_ISSUE = 'public, max-age=300';
const CACHE_FEED = 'public, max-age=900';

export const archiveRoute: Route = {
  name: 'archive',
  add(app, deps) {
    const { readers } = deps;
    app.get('/', (context) => openPage(context, deps, readers.showHome()));
    app.get('/archive', (context) => openPage(context, deps, readers.showHome()));
    app.get('/archive/:newsletter', async (context) => {
      const page = pageNumber(context);
      return openPage(
        context,
        deps,
        page ? await readers.showArchive(context.req.param('newsletter'), page) : undefined,
      );
    });
    app.get('/archive/:newsletter/feed.atom', async (context) => {
      const feed = await readers.readFeed(context.req.param('newsletter'));
      return feed === undefined ? errorPage(context, deps, 404) : validated(context, feed, FEED, CACHE_FEED);
    });
    app.get('/archive/:newsletter/category/:key', async (context) => {
      const { newsletter, key } = context.req.param();
      const page = pageNumber(context);
      return openPage(context, deps, page ? await readers.showCategory(newsletter, key, page) : undefined);
    });
    app.get('/archive/:newsletter/category/:key/feed.atom', async (context) => {
      const { newsletter, key } = context.req.param();
      const feed = await readers.readFeed(newsletter, key);
      return feed === undefined ? errorPage(context, deps, 404) : validated(context, feed, FEED, CACHE_FEED);
    });
    app.get('/archive/:newsletter/:number{[1-9][0-9]{0,8}}', async (context) => {
      const { newsletter, number } = context.req.param();
      const issue = await readers.showIssue(newsletter, Number(number));
      if (issue?.kind !== 'frozen') return openPage(context, deps, issue?.page);
      context.header('Content-Security-Policy', MAIL_POLICY);
      return validated(context, issue.html, 'text/html; charset=utf-8', CACHE_ISSUE);
    });
  },
};

/** `?page=2`; `undefined` for any other text. */
function pageNumber(context: PublicContext): number | undefined {
  const given = context.req.query('page') ?? '1';
  return /^[1-9]\d{0,4}$/.test(given) ? Number(given) : undefined;
}
