/** What is typed into a form comes back byte for byte (rule: editor's-words). */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { textFor } from '../../src/domain/arrangement.js';
import { formText } from '../../src/domain/form-text.js';
import { localFiles } from '../../src/platform/files.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { mailPage } from '../../src/studio/pages/mail.js';
import { TEMPLATES } from '../support/app-context.js';
import { formsIn, formWith, textIn } from '../support/browser-form.js';
import { aPost } from '../support/builders.js';
import { HOSTILE_LINES, HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aPublicSite } from '../support/public-site.js';
import { runs } from '../support/runs.js';
import { aStudio, type TestStudio } from '../support/studio.js';

const post = (id: string) =>
  aPost({ keys: { id, path: `${id}.md` }, publishedAt: new Date('2026-06-12T08:00:00Z'), title: `Post ${id}` });

/** Before the issue of 22 June, which the arrangements below are for. */
const WEDNESDAY = new Date('2026-06-17T12:00:00Z');

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const anyLine = anyText.map((text) => text.replace(/[\p{Cc}]/gu, '').slice(0, 150));

/** Types a text into a field, saves, and saves once more what the page then shows. */
async function savedTwice(studio: TestStudio, action: string, text: string) {
  const form = async () => formWith(await studio.read('/n/weekly'), 'action', action);
  const save = async (body: string) => {
    const answer = await studio.post('/n/weekly/arrange', body);
    if (answer.status !== 303) throw new Error(await answer.text());
    return studio.arrangement();
  };
  const first = await save((await form()).submit({ text }));
  const shown = (await form()).value('text');
  const second = await save((await form()).submit());
  return { first, shown, second, again: (await form()).value('text') };
}

describe('What an editor types', () => {
  let studio: Promise<TestStudio>;
  beforeAll(() => {
    studio = aStudio({ posts: [post('a')], renderer: plainRenderer });
  });

  it.each(HOSTILE_TEXTS)('comes back as it was typed: %j', async (text) => {
    const { first, shown, second, again } = await savedTwice(await studio, 'introduction', text);
    expect(shown).toBe(formText(text));
    expect(second).toBe(first);
    expect(again).toBe(shown);
  });

  it('comes back as it was typed, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const { first, shown, second } = await savedTwice(await studio, 'introduction', text);
        expect(shown).toBe(formText(text));
        expect(second).toBe(first);
      }),
      { numRuns: runs(10) },
    );
  });

  it('comes back on one line as well', async () => {
    const lines = HOSTILE_LINES.filter((line) => !/[^\P{Cc}\t]/u.test(line));
    for (const text of lines) {
      const { first, shown, second } = await savedTwice(await studio, 'subject', text);
      expect(shown).toBe(formText(text));
      expect(second).toBe(first);
    }
    await fc.assert(
      fc.asyncProperty(anyLine, async (text) => {
        expect((await savedTwice(await studio, 'subject', text)).shown).toBe(formText(text));
      }),
      { numRuns: runs(10) },
    );
  });

  it('is not changed by a save of a field that was not touched, whatever the file has', async () => {
    const file = 'introduction: "Two\\r\\nlines\\0"\nsubject: "  A  subject "\n';
    const studio = await aStudio({
      posts: [post('a')],
      renderer: plainRenderer,
      arranged: { 'weekly/2026-06-22.yaml': file },
      now: WEDNESDAY,
    });
    for (const action of ['introduction', 'subject']) {
      const form = formWith(await studio.read('/n/weekly'), 'action', action);
      expect((await studio.post('/n/weekly/arrange', form.submit())).status).toBe(303);
      expect(await studio.arrangement()).toBe(file);
    }
  });

  it('is no introduction or subject when it is blank, and stays where it was typed', () => {
    expect(textFor(' \n', 'en', 'en')).toBeUndefined();
    expect(textFor({ en: ' ' }, 'en', 'en')).toBeUndefined();
    expect(textFor(' a ', 'en', 'en')).toEqual({ text: ' a ', language: 'en' });
  });

  it('names a post by any key it may have', async () => {
    for (const id of [
      'two  spaces',
      ' edges ',
      'a\ttab',
      'a\nnewline',
      'a"quote\'s & <b>',
      '{{a}}',
      'ends-with\\',
      '\u202ebidi',
    ]) {
      const studio = await aStudio({ posts: [post(id), post('z')], renderer: plainRenderer });
      const form = formsIn(await studio.read('/n/weekly')).find((each) => each.value('post') === id);
      expect(form, id).toBeDefined();
      await studio.post('/n/weekly/arrange', form?.submit({}, ['action', 'exclude']) ?? '');
      const back = formsIn(await studio.read('/n/weekly')).find((each) => each.value('post') === id);
      await studio.post('/n/weekly/arrange', back?.submit({}, ['action', 'include']) ?? '');
      expect(await studio.arrangement(), id).toBe('');
    }
  });

  it('is found again in the search for posts and in the choice of a reader', async () => {
    const studio = await aStudio({ posts: [post('a')], renderer: plainRenderer });
    for (const line of HOSTILE_LINES.map(formText)) {
      const page = await studio.read(`/n/weekly/posts?${new URLSearchParams({ words: line })}`);
      expect(formsIn(page)[0]?.value('words')).toBe(line);
    }
  });
});

it('The studio shows the text part of a mail as it is', async () => {
  const code = '\n\n    code\n\n\n    more\n';
  const studio = await aStudio({
    posts: [post('a')],
    now: WEDNESDAY,
    arranged: { 'weekly/2026-06-22.yaml': `introduction: ${JSON.stringify(`First.\n\nSecond.${code}`)}\n` },
  });
  const { mail } = await studio.view(mailPage, 'view=text');
  expect(mail?.text).toMatch(/First\.\n\nSecond\./);
  expect(textIn(await studio.read('/n/weekly/mail?view=text'), 'pre')).toBe(mail?.text);
});

it('The studio shows any text part as it is', async () => {
  const studio = await aStudio({ posts: [post('a')], renderer: plainRenderer });
  const { mail, ...rest } = await studio.view(mailPage, 'view=text');
  const pages = openStudioPages(openTemplateFiles({ files: localFiles(), folders: [`${TEMPLATES}/studio`] }));
  for (const text of HOSTILE_TEXTS.map(formText)) {
    const html = await pages.print('mail', { ...rest, mail: { ...mail, text } }, 'UTC');
    expect(textIn(html, 'pre')).toBe(text);
  }
});

describe('What a reader types', () => {
  const withoutBidi = (text: string) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  const names = HOSTILE_LINES.map((line) => withoutBidi(formText(line.slice(0, 100))));

  it('comes back from the form of signing up', async () => {
    const site = await aPublicSite();
    for (const name of names) {
      const form = formsIn(await (await site.get('/s/weekly')).text())[0];
      const fields = new URLSearchParams(form?.submit({ name, address: '  not an address ' }));
      const again = formsIn(await (await site.post('/s/weekly', Object.fromEntries(fields))).text())[0];
      expect(again?.value('name')).toBe(name);
      expect(again?.value('address')).toBe('  not an address ');
    }
  });

  it('comes back from the preferences, and a second save changes nothing', async () => {
    const site = await aPublicSite();
    const path = `/p/${site.token(1)}`;
    const form = async () => formWith(await (await site.get(path)).text(), 'newsletter', 'weekly');
    const save = async (body: string) => {
      const fields: { [name: string]: string[] } = {};
      for (const [key, value] of new URLSearchParams(body)) fields[key] = [...(fields[key] ?? []), value];
      expect((await site.post(path, { ...fields, part: 'wishes' })).status).toBe(200);
      return (await site.deps.store.audience.find('ann@example.org'))?.subscriber.name;
    };
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...names), anyLine), async (text) => {
        const name = withoutBidi(formText(text.slice(0, 100)));
        expect(await save((await form()).submit({ name }))).toBe(name);
        expect((await form()).value('name')).toBe(name);
        expect(await save((await form()).submit())).toBe(name);
      }),
      { numRuns: runs(10), examples: names.map((name) => [name] as [string]) },
    );
  });
});

it('Every page keeps the first newline of what stands in a field or as it is written', async () => {
  const files = (await readdir(TEMPLATES, { recursive: true })).filter((file) => file.endsWith('.html.hbs'));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const text = await readFile(join(TEMPLATES, file), 'utf8');
    for (const [found] of text.matchAll(/<(?:textarea|pre|listing)\b(?:\{\{[^}]*\}\}|[^>])*>[\s\S]?/g)) {
      expect(found, file).toMatch(/>\n$/);
    }
  }
});
