import { strToU8, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { readMailed } from '../../src/sources/exports/mailed.js';
import { aContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const SITE = 'https://blog.example.org';
const at = (slug: string, id?: string) => ({
  title: slug,
  url: `${SITE}/${slug}/`,
  keys: { ...(id !== undefined && { id }), url: `${SITE}/${slug}/`, path: `${slug}.md` },
  publishedAt: new Date('2026-06-10T08:00:00Z'),
});

async function aWorkspace() {
  const deps = await aContext({ posts: [aPost(at('one')), aPost(at('two', '102')), aPost(at('three'))] });
  const newsletter = deps.newsletters.get('weekly') as Newsletter;
  const mark = (text: string | Uint8Array, more: { readonly site?: string; readonly dryRun?: boolean } = {}) =>
    deps.issues.markMailed({ newsletter, content: typeof text === 'string' ? strToU8(text) : text, ...more });
  const planned = async () => {
    const { posts } = await deps.issues.plan({ newsletter });
    return Object.fromEntries(posts.map(({ title, reason }) => [title, reason]));
  };
  const known = async () => (await deps.store.posts.known(['blog'])).posts.length;
  return { mark, planned, known };
}

it('What was mailed before is not in the first issue, and every address that no source has is told', async () => {
  const { mark, planned } = await aWorkspace();
  const list = `# sent by the old program\n${SITE}/one\nhttp://blog.example.org/two/?utm_source=x\n\n${SITE}/gone/\n`;
  expect(await mark(list)).toEqual({ mailed: 3, marked: 2, already: 0, unknown: [`${SITE}/gone/`] });
  expect(await planned()).toEqual({ one: 'carried(before)', two: 'carried(before)', three: 'news' });
  expect(await mark(list)).toMatchObject({ marked: 0, already: 2 });
});

it('A dry run writes nothing, not even what it collects', async () => {
  const { mark, planned, known } = await aWorkspace();
  expect(await mark(`${SITE}/one/`, { dryRun: true })).toMatchObject({ marked: 1 });
  expect(await known()).toBe(0);
  expect((await planned()).one).toBe('news');
});

it('An export of Substack marks what it mailed, by id and address', async () => {
  const { mark } = await aWorkspace();
  const zip = zipSync({
    'posts.csv': strToU8(
      'post_id,is_published,email_sent_at\n102.two,true,2026-06-01T08:05:00.000Z\n103.three,true,\n',
    ),
  });
  expect(await mark(zip, { site: SITE })).toEqual({ mailed: 1, marked: 1, already: 0, unknown: [] });
  await expect(readMailed(zip)).rejects.toMatchObject({
    code: 'import.unreadable',
    hint: expect.stringContaining('--site'),
  });
});

it('An export of Ghost marks what was sent to a newsletter, one of WordPress what it published', async () => {
  const { mark, planned } = await aWorkspace();
  const posts = [
    { id: '102', slug: 'two', newsletter_id: 'n1', status: 'published' },
    { id: '9', slug: 'three', newsletter_id: null, status: 'published' },
  ];
  expect(await mark(JSON.stringify({ db: [{ data: { posts } }] }))).toMatchObject({ mailed: 1, marked: 1 });
  const item = (slug: string, status: string) =>
    `<item><link>${SITE}/${slug}/</link><wp:status>${status}</wp:status><wp:post_type>post</wp:post_type></item>`;
  const wxr = `<rss><channel><wp:wxr_version>1.2</wp:wxr_version>${item('one', 'publish')}${item('three', 'draft')}</channel></rss>`;
  expect(await mark(wxr)).toMatchObject({ mailed: 1, marked: 1 });
  expect(await planned()).toMatchObject({ three: 'news' });
});

it.each([
  ['a line that is no address', 'hello', /Line 1 is not/],
  ['JSON of something else', '{}', /no export of Ghost/],
  ['a page', '<html></html>', /no export of WordPress/],
])('%s is told, and nothing is marked', async (_what, text, message) => {
  await expect(readMailed(strToU8(text))).rejects.toMatchObject({
    code: 'import.unreadable',
    message: expect.stringMatching(message),
  });
});
