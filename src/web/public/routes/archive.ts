/** `/archive/…`: past issues, posts by category, and their feeds, for everybody. */
import type { Page } from '../../../readers/page.js';
import { MAIL_POLICY } from '../../http-errors.js';
import { errorPage, madeHtml, madePage, openPage } from '../answer.js';
import type { MadePage } from '../kept-pages.js';
import type { PublicContext, Route, RouteDeps } from '../route.js';

const CACHE_FEED = 'public, max-age=900';

export const archiveRoute: Route = {
  name: 'archive',
  add(app, deps) {
    const home = (context: PublicContext) =>
      openPage(context, deps, { key: 'home', make: () => madePage(deps, deps.readers.showHome()) });
    app.get('/', home);
    app.get('/archive', home);
    app.get('/archive/:newsletter', (context) =>
      listPage(context, deps, '', (newsletter, page) => deps.readers.showArchive(newsletter, page)),
    );
    app.get('/archive/:newsletter/feed.atom', (context) => feed(context, deps));
    app.get('/archive/:newsletter/category/:key', (context) => {
      const key = context.req.param('key');
      return listPage(context, deps, key, (newsletter, page) => deps.readers.showCategory(newsletter, key, page));
    });
    app.get('/archive/:newsletter/category/:key/feed.atom', (context) => feed(context, deps, context.req.param('key')));
    app.get('/archive/:newsletter/:number{[1-9][0-9]{0,8}}', (context) => {
      const { newsletter = '', number } = context.req.param();
      return ofNewsletter(context, deps, `issue ${number}`, async () => {
        const issue = await deps.readers.showIssue(newsletter, Number(number));
        if (issue?.kind !== 'frozen') return madePage(deps, issue?.page);
        const made = madeHtml(issue.html, issue.language);
        return { ...made, headers: { ...made.headers, 'Content-Security-Policy': MAIL_POLICY } };
      });
    });
  },
};

/** A page of a list, by `?page=2`. */
function listPage(
  context: PublicContext,
  deps: RouteDeps,
  key: string,
  show: (newsletter: string, page: number) => Promise<Page | undefined>,
): Promise<Response> {
  const { newsletter = '' } = context.req.param() as { readonly newsletter?: string };
  const page = pageNumber(context);
  if (page === undefined) return errorPage(context, deps, 404);
  return ofNewsletter(context, deps, `list ${page} ${key}`, async () => madePage(deps, await show(newsletter, page)));
}

function feed(context: PublicContext, deps: RouteDeps, key?: string): Promise<Response> {
  const { newsletter = '' } = context.req.param() as { readonly newsletter?: string };
  const make = async (): Promise<MadePage | undefined> => {
    const body = await deps.readers.readFeed(newsletter, key);
    return body === undefined
      ? undefined
      : { body, headers: { 'Content-Type': 'application/atom+xml; charset=utf-8' } };
  };
  return ofNewsletter(context, deps, `feed ${key ?? ''}`, make, CACHE_FEED);
}

/** A page about a newsletter, also one that was renamed or removed. */
function ofNewsletter(
  context: PublicContext,
  deps: RouteDeps,
  name: string,
  make: () => Promise<MadePage | undefined>,
  cacheControl?: string,
): Promise<Response> {
  const { newsletter = '' } = context.req.param() as { readonly newsletter?: string };
  const page = { key: `${newsletter} ${name}`, newsletter, make };
  return openPage(context, deps, cacheControl === undefined ? page : { ...page, cacheControl });
}

/** `?page=2`; `undefined` for any other text. */
function pageNumber(context: PublicContext): number | undefined {
  const given = context.req.query('page') ?? '1';
  return /^[1-9]\d{0,4}$/.test(given) ? Number(given) : undefined;
}
