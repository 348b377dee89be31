/** A real WordPress: from the address of a category to the mail a reader gets. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Collection } from '../../src/domain/post.js';
import { realSource, sendIssue } from './real-blog.js';
import { type RealWordPress, startWordPress } from './wordpress-server.js';

let blog: RealWordPress;
beforeAll(async () => {
  blog = await startWordPress();
});
afterAll(() => blog?.stop());

const titles = ({ posts }: Collection) => posts.map(({ title }) => title).sort();
const physics = () => `${blog.url}/notes/category/physics-light/`;
const HOUR = 3_600_000;

it('The mail of a category shows each post as the archive of the blog does', async () => {
  const { found, plan, text, html } = await sendIssue(physics());
  expect(found.what).toContain('a WordPress blog, read by its REST API: only “');
  expect(found.source).toEqual({ kind: 'wordpress', url: physics(), allowPrivate: true });
  expect(plan).toContain('Tides in a glass');
  expect(text).toContain('A glass of water on a train has tides of its own.');
  expect(text).toContain('h = v * v / (g * r)');
  expect(text).toContain('What the spoon showed was not what we expected.');
  expect(html).toMatch(/<code[^>]*>h = v \* v \/ \(g \* r\)<\/code>/);
  expect(html).toContain('seen from above');
  expect(html).toMatch(/Continue reading[^<]*Tides in a glass/);
  expect(html).toContain('What its author says of it');
  for (const hidden of [
    'BEHIND',
    'PROTECTED-BODY',
    'PRIVATE-BODY',
    'DRAFT-BODY',
    'FUTURE-BODY',
    'unknown_box',
    '<script',
  ])
    expect(html + text).not.toContain(hidden);
});

it('A first collection lists everything once; the next one asks once', async () => {
  const source = realSource({ kind: 'wordpress', url: `${blog.url}/`, allowPrivate: true });
  const { posts, complete } = await source.collect();
  expect(complete).toBe(true);
  expect(new Set(posts.map(({ keys }) => keys.id)).size).toBe(posts.length);
  expect(posts.length).toBeGreaterThan(115);
  source.asked();
  expect(await source.collect()).toMatchObject({ posts: [], complete: false });
  expect(source.asked()).toHaveLength(1);
});

it('An edit, a scheduled post that is published, and a removed post are noticed', async () => {
  const source = realSource({ kind: 'wordpress', url: `${blog.url}/`, allowPrivate: true });
  const first = await source.collect();
  const later = (hours: number) => new Date(Date.now() + hours * HOUR);
  await blog.php(
    "$p = get_page_by_path('tides-in-a-glass', OBJECT, 'post'); wp_update_post(['ID' => $p->ID, 'post_title' => 'Tides, edited']);",
  );
  expect(titles(await source.collect(later(1)))).toEqual(['Tides, edited']);
  await blog.php(
    "global $wpdb; $p = get_posts(['post_status' => 'future'])[0]; $wpdb->update($wpdb->posts, ['post_date' => '2026-06-11 10:00:00', 'post_date_gmt' => '2026-06-11 09:00:00'], ['ID' => $p->ID]); clean_post_cache($p->ID); wp_publish_post($p->ID);",
  );
  expect(titles(await source.collect(later(2)))).toEqual(['Planned']);
  await blog.php("$p = get_page_by_path('gezeiten-im-glas', OBJECT, 'post'); wp_trash_post($p->ID);");
  const last = await source.collect(later(3));
  expect(last.complete).toBe(true);
  expect(titles(first)).toContain('Gezeiten im Glas');
  expect(titles(last)).not.toContain('Gezeiten im Glas');
});

it('Drafts are listed with an application password', async () => {
  const source = realSource({ kind: 'wordpress', url: `${blog.url}/`, allowPrivate: true }, blog.credentials);
  const { posts, notes } = await source.collect();
  expect(notes).toBeUndefined();
  expect(posts.find(({ title }) => title === 'Not ready')).toMatchObject({ draft: true });
});

it('An export gives the same posts as the API, with the same keys', async () => {
  const xml = await blog.php("require_once ABSPATH . 'wp-admin/includes/export.php'; export_wp(['content' => 'all']);");
  const [byApi, byExport] = await Promise.all([
    realSource({ kind: 'wordpress', url: `${blog.url}/`, allowPrivate: true }).collect(),
    realSource({ kind: 'wxr', file: 'export' }, undefined, xml).collect(),
  ]);
  const facts = ({ posts }: Collection) =>
    posts
      .filter(({ draft, publishedAt }) => !draft && publishedAt < new Date())
      .map(({ keys, url, publishedAt, categories, authors }) => ({
        keys,
        url,
        publishedAt,
        categories: [...categories].sort(),
        authors,
      }))
      .sort((a, b) => String(a.keys.path).localeCompare(String(b.keys.path)));
  expect(facts(byExport)).toEqual(facts(byApi));
});
