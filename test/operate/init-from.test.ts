import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newWorkspaceFiles } from '../../src/config/new-workspace.js';
import type { FoundBlog } from '../../src/domain/found-blog.js';
import type { Post } from '../../src/domain/post.js';
import { findWorkspace } from '../../src/operate/init-from.js';
import { handSource } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const NOW = new Date('2026-06-15T07:00:00Z');
const FOUND: FoundBlog = {
  options: { kind: 'wordpress', url: 'https://www.blog.example.org/' },
  what: 'a WordPress blog',
  notes: [],
  title: 'Notes: from “below”',
  site: 'https://www.blog.example.org/',
};

const workspaceOf = (posts: readonly Post[], facts: Partial<FoundBlog> = {}, said = {}) =>
  findWorkspace(
    { findBlog: async () => ({ ...FOUND, ...facts }), openSource: () => handSource(posts), languages: ['en', 'de'] },
    { from: 'https://www.blog.example.org/', root: '/srv/digest', now: NOW, ...said },
  );
const filesOf = async (...given: Parameters<typeof workspaceOf>) =>
  Object.fromEntries(newWorkspaceFiles(await workspaceOf(...given)).map(({ path, text }) => [path, text]));
const posts = (...categories: readonly (readonly string[])[]) =>
  categories.map((each, at) => aPost({ title: `Post ${at}`, categories: each }));

describe('the workspace for a blog that is there', () => {
  it('has its categories, the most used first, with their commonest spelling and their counts', async () => {
    const found = await workspaceOf(
      posts(['Machine Learning'], ['Machine Learning'], ['machine-learning', 'lab_life']),
    );
    expect(found.categories).toEqual([
      { key: 'machine-learning', title: 'Machine Learning', posts: 3 },
      { key: 'lab-life', title: 'Lab life', posts: 1 },
    ]);
  });

  it('does not list categories of a single post where there are many', async () => {
    const many = Array.from({ length: 30 }, (_, at) => [`tag ${at}`]);
    expect((await workspaceOf(posts(...many, ['used'], ['used']))).categories).toEqual([
      { key: 'used', title: 'Used', posts: 2 },
    ]);
  });

  it('does not list categories that say nothing, or that all posts are in', async () => {
    const many = Array.from({ length: 6 }, (_, at) => [
      'posts',
      'Blog',
      'Uncategorized',
      'Company',
      at % 2 ? 'Food' : 'Travel',
    ]);
    const keys = (await workspaceOf(posts(...many))).categories.map(({ key }) => key);
    expect(keys).toEqual(['food', 'travel']);
  });

  it('offers the day with which the first issue carries the newest posts', async () => {
    const days = [1, 2, 3, 4, 5, 6].map((day) => aPost({ publishedAt: new Date(`2026-03-0${day}T23:30:00Z`) }));
    const found = await workspaceOf(days, { timezone: 'Europe/Berlin' });
    expect(found.baseline).toBe('2026-03-03');
    const text = newWorkspaceFiles(found)[1]?.text as string;
    expect(parse(text.replace('# baseline', 'baseline'))).toMatchObject({ baseline: '2026-03-03' });
  });

  it('counts only posts that could be in an issue', async () => {
    const draft = aPost({ draft: true, categories: ['x'] });
    const later = aPost({ publishedAt: new Date('2027-01-01T00:00:00Z'), categories: ['x'] });
    const found = await workspaceOf([...posts(['a']), draft, later]);
    expect(found).toMatchObject({ posts: 1, categories: [{ key: 'a' }] });
    await expect(workspaceOf([draft])).rejects.toMatchObject({ code: 'source.failed' });
  });

  it('says what the person said instead of what was found', async () => {
    const said = {
      title: 'Mine',
      language: 'de',
      timezone: 'Europe/Berlin',
      sender: 'me@example.org',
      schedule: '0 9 1 * *',
    };
    const text = (await filesOf(posts(['a']), {}, said))['content/newsletters/weekly.yaml'] as string;
    expect(parse(text)).toMatchObject({
      ...{ title: 'Mine', language: 'de', timezone: 'Europe/Berlin', schedule: '0 9 1 * *' },
      sender: { name: 'Mine', address: 'me@example.org' },
      categories: [{ key: 'a', title: 'A' }],
    });
    expect(text).not.toContain('guess');
  });

  it('is YAML whatever the blog is called, and never has a key of the blog', async () => {
    const hostile = { title: 'A: "b" # c\n- d', what: 'x\nkind: evil', credentials: 'secret-key' };
    const files = await filesOf(posts(['a: b #c', 'yes', '{x}', '- y']), hostile);
    expect(parse(files['content/sources.yaml'] as string)).toEqual({ blog: FOUND.options });
    const newsletter = parse(files['content/newsletters/weekly.yaml'] as string);
    expect(newsletter.title).toBe(hostile.title);
    expect(newsletter.categories.map(({ title }: { title: string }) => title)).toContain('Yes');
    expect(JSON.stringify(files)).not.toContain('secret-key');
  });

  it('has the colour and logo of the blog, and shows where they go when there are none', async () => {
    const look = { accent: '#0055aa', logo: 'https://blog.example.org/icon.png' };
    const text = (await filesOf(posts(['a']), { look }))['content/newsletters/weekly.yaml'] as string;
    expect(parse(text).look).toEqual(look);
    const without = (await filesOf(posts(['a'])))['content/newsletters/weekly.yaml'] as string;
    expect(parse(without).look).toBeUndefined();
    expect(parse(without.replace(/^# (look:| {2}accent)/gm, '$1')).look).toEqual({ accent: '#0b5a75' });
  });

  it('names the folder of posts relative to content/', async () => {
    const options = { kind: 'markdown', dir: '/srv/blog/_posts' };
    const files = await filesOf(posts(['a']), { options });
    expect(parse(files['content/sources.yaml'] as string)).toEqual({
      blog: { kind: 'markdown', dir: '../../blog/_posts', site: FOUND.site },
    });
  });
});
