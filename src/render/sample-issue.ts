/** An issue that uses every part of a theme, to check the theme before readers see it. */
import type { DigestPost } from '../domain/digest.js';
import type { Html } from '../domain/html.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { RenderInput } from '../domain/ports/content.js';

/** Issues that between them have everything a template may ask for, and lack everything that may be missing. */
export function sampleIssues(theme: string): readonly RenderInput[] {
  return [wholeIssue(theme), bareIssue(theme)];
}

/** A sample in the look, language and name of a newsletter. */
export function sampleIssueOf(newsletter: Newsletter): RenderInput {
  return { ...wholeIssue(newsletter.theme), newsletter, language: newsletter.language };
}

function wholeIssue(theme: string): RenderInput {
  const keys = ['one', 'two', 'three', 'other'];
  const sections = keys.map((key, index) => ({
    key,
    title: `Section ${key}`,
    posts: [richPost(`${key}-a`, keys), barePost(`${key}-b`), barePost(`${key}-c`), linkPost(`${key}-d`)].slice(
      index % 2,
    ),
  }));
  return {
    ...bareIssue(theme),
    newsletter: { ...newsletterIn(theme), postalAddress: '1 Example Street, Exampletown' },
    digest: { sections, carriedOver: 2 },
    introduction: paragraph('A word before.'),
  };
}

function bareIssue(theme: string): RenderInput {
  return {
    newsletter: newsletterIn(theme),
    issue: { number: 1, date: new Date(0) },
    digest: { sections: [{ key: 'other', title: 'Other', posts: [barePost('only')] }], carriedOver: 0 },
    language: 'en',
    subject: 'A sample',
    preheader: 'What a sample shows',
  };
}

function newsletterIn(theme: string): RenderInput['newsletter'] {
  return {
    id: 'sample',
    title: 'A sample',
    language: 'en',
    timezone: 'UTC',
    schedule: '0 8 * * 1',
    sources: [],
    categories: ['one', 'two', 'three'].map((key) => ({ key, title: { en: `Section ${key}` }, also: [] })),
    theme,
    sender: { name: 'A sample', address: 'sample@example.org' },
    minPosts: 1,
    pictures: 'each',
    maxPosts: 40,
    maxAgeMs: 0,
    maxLatenessMs: 0,
    approval: { kind: 'none' },
    onUnknownOutcome: 'hold',
    onSourceFailure: { kind: 'stop' },
  };
}

function richPost(id: string, categories: readonly string[]): DigestPost {
  const src = 'https://blog.example.org/picture.png';
  return {
    ...barePost(id),
    url: `https://blog.example.org/${id}/`,
    authors: ['One Author', 'Another'],
    language: 'ar',
    categories,
    excerpt: paragraph('What it is about.'),
    continues: true,
    figure: { src, alt: 'A picture', caption: [{ type: 'text', value: 'A caption' }], width: 800, height: 600 },
    readingMinutes: 4,
  };
}

function linkPost(id: string): DigestPost {
  return { ...barePost(id), url: `https://blog.example.org/${id}/`, form: 'link' };
}

function barePost(id: string): DigestPost {
  return {
    uid: id,
    id,
    title: `Post ${id}`,
    authors: [],
    publishedAt: new Date(0),
    categories: ['other'],
    excerpt: [],
    continues: false,
    readingMinutes: 0,
    form: 'full',
  };
}

function paragraph(text: string): Html {
  return [{ type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value: text }] }];
}
