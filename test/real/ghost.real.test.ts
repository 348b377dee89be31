/** A real Ghost: from its address and key to the mail a reader gets. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Collection } from '../../src/domain/post.js';
import { type RealGhost, startGhost } from './ghost-server.js';
import { realSource, sendIssue } from './real-blog.js';

let blog: RealGhost;
beforeAll(async () => {
  blog = await startGhost();
});
afterAll(() => blog?.stop());

const titles = ({ posts }: Collection) => posts.map(({ title }) => title).sort();
const settings = () => ({ kind: 'ghost', url: `${blog.url}/`, allowPrivate: true });

it('The mail shows what everybody may read, and nothing that is for members', async () => {
  const { found, text, html } = await sendIssue(`${blog.url}/`);
  expect(found.source).toEqual(settings());
  expect(text).toContain('Why a <dial> says two things.');
  expect(text).toContain('Everybody reads this.');
  expect(html).toMatch(/Continue reading[^<]*The second half/);
  for (const hidden of ['SECRET', 'DRAFT-BODY', 'FUTURE-BODY', '#internal', 'SIGN-UP', '?ref='])
    expect(html + text).not.toContain(hidden);
});

it('A collection with nothing new is one conditional question; an edit and a removal are noticed', async () => {
  const source = realSource(settings(), blog.key);
  const first = await source.collect();
  expect(first.complete).toBe(true);
  source.asked();
  expect(await source.collect()).toMatchObject({ posts: [], complete: false });
  expect(source.asked()).toHaveLength(1);
  const found = (await blog.admin('GET', '/posts/?filter=slug:old-note-11')) as {
    readonly posts: readonly { readonly id: string; readonly updated_at: string }[];
  };
  const [post] = found.posts;
  await blog.admin('PUT', `/posts/${post?.id}/`, { posts: [{ title: 'Edited', updated_at: post?.updated_at }] });
  expect(titles(await source.collect())).toEqual(['Edited']);
  await blog.admin('DELETE', `/posts/${post?.id}/`);
  const last = await source.collect();
  expect(last.complete).toBe(true);
  expect(titles(last)).not.toContain('Edited');
});

it('An export gives the same posts as the API, and keeps to itself what is for members', async () => {
  const exported = JSON.stringify(await blog.admin('GET', '/db/'));
  const byApi = realSource(settings(), blog.key);
  const byExport = realSource({ kind: 'ghost-export', file: 'export', site: `${blog.url}/` }, undefined, exported);
  const [api, file] = [await byApi.collect(), await byExport.collect()];
  const facts = ({ posts }: Collection) =>
    posts
      .filter(({ draft, publishedAt }) => !draft && publishedAt < new Date())
      .map(({ keys, url, title, publishedAt, categories }) => ({ keys, url, title, publishedAt, categories }))
      .sort((a, b) => String(a.keys.id).localeCompare(String(b.keys.id)));
  expect(facts(file)).toEqual(facts(api));
  for (const post of file.posts) expect(JSON.stringify(await byExport.bodyOf(post))).not.toContain('SECRET');
});
