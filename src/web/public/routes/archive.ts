/** `/archive/…`: past issues, posts by category, and their feeds, for everybody. */
import { MAIL_POLICY } from '../../http-errors.js';
import { errorPage, openPage, validated } from '../answer.js';
import type { PublicContext, Route } from '../route.js';

const FEED = 'application/atom+xml; charset=utf-8';
/** A withdrawn post must be gone from copies before long. */
const CACHE_ISSUE = 'public, max-age=300';
const CACHE_FEED = 'public, max-age=900';

export const archiveRoute: Route = {
  name: 'archive',
  add(app, door) {
    const { flows } = door;
    app.get('/', async (context) => openPage(context, door, await flows.showHome()));
    app.get('/archive', async (context) => openPage(context, door, await flows.showHome()));
    app.get('/archive/:newsletter', async (context) => {
      const page = pageNumber(context);
      return openPage(context, door, page ? await flows.showArchive(context.req.param('newsletter'), page) : undefined);
    });
    app.get('/archive/:newsletter/feed.atom', async (context) => {
      const feed = await flows.readFeed(context.req.param('newsletter'));
      return feed === undefined ? errorPage(context, door, 404) : validated(context, feed, FEED, CACHE_FEED);
    });
    app.get('/archive/:newsletter/category/:key', async (context) => {
      const { newsletter, key } = context.req.param();
      const page = pageNumber(context);
      return openPage(context, door, page ? await flows.showCategory(newsletter, key, page) : undefined);
    });
    app.get('/archive/:newsletter/category/:key/feed.atom', async (context) => {
      const { newsletter, key } = context.req.param();
      const feed = await flows.readFeed(newsletter, key);
      return feed === undefined ? errorPage(context, door, 404) : validated(context, feed, FEED, CACHE_FEED);
    });
    app.get('/archive/:newsletter/:number{[1-9][0-9]{0,8}}', async (context) => {
      const { newsletter, number } = context.req.param();
      const issue = await flows.showIssue(newsletter, Number(number));
      if (issue?.kind !== 'frozen') return openPage(context, door, issue?.page);
      context.header('Content-Security-Policy', MAIL_POLICY);
      return validated(context, issue.html, 'text/html; charset=utf-8', CACHE_ISSUE);
    });
  },
};

/** `?page=2`; `undefined` for what is no page. */
function pageNumber(context: PublicContext): number | undefined {
  const given = context.req.query('page') ?? '1';
  return /^[1-9]\d{0,4}$/.test(given) ? Number(given) : undefined;
}
