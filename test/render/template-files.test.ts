import { beforeEach, describe, expect, it } from 'vitest';
import type { PageRequest } from '../../src/domain/page.js';
import { openPages, openRenderer, openTemplateFiles } from '../../src/render/index.js';
import { layered, WORKSPACE } from '../support/render-files.js';
import { aRenderInput, aRichNewsletter, TEMPLATES } from '../support/render-fixtures.js';

const MESSAGES = 'messages/en.yaml';
const HOME = 'plain/pages/home.html.hbs';

/** A workspace that has its own copies of what is edited here, and a clock moved by hand. */
function aWorkspace() {
  const { files, edit } = layered({ [MESSAGES]: 'page:\n  home:\n    title: Home\n' });
  let nowMs = 0;
  const broken: string[] = [];
  const templates = openTemplateFiles({
    files,
    folders: [WORKSPACE, TEMPLATES],
    shown: (path) => path.replace(`${WORKSPACE}/`, ''),
    onBroken: ({ where = '' }) => broken.push(where),
    nowMs: () => nowMs,
  });
  const pages = openPages(templates);
  const renderer = openRenderer({ templates });
  const newsletter = aRichNewsletter({ theme: 'plain' });
  const links = { style: '/s', signUp: '/s', archive: '/a', feed: '/f' };
  const home: PageRequest = { newsletter, language: 'en', links, view: { kind: 'home', newsletters: [] } };
  return {
    templates,
    broken,
    home: () => pages.page(home),
    style: () => pages.style('plain'),
    mail: () => renderer.render(aRenderInput({ newsletter })),
    hashes: () => renderer.hashes('plain'),
    lookAgain: renderer.lookAgain,
    edit,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('template files', () => {
  let workspace: ReturnType<typeof aWorkspace>;
  beforeEach(() => {
    workspace = aWorkspace();
  });

  it('are parsed once, for pages, mails and hashes alike', async () => {
    const { templates, home, style, mail, hashes, pass } = workspace;
    const all = async () => [await home(), await style(), await mail(), await hashes()];
    await all();
    const { parses } = templates;
    expect(parses).toBeGreaterThan(4);
    pass(5_000);
    await all();
    expect(templates.parses).toBe(parses);
  });

  it('that were edited show within a second, and the rest is as it was', async () => {
    const { home, style, edit, pass } = workspace;
    expect(await home()).toContain('<title>Home ·');
    const { version } = await style();
    edit(MESSAGES, 'page:\n  home:\n    title: All newsletters\n');
    expect(await home()).toContain('<title>Home ·');
    pass(1_000);
    expect(await home()).toContain('<title>All newsletters ·');
    expect((await style()).version).toBe(version);
  });

  it('show at once to somebody who knows of an edit', async () => {
    const { home, edit, lookAgain } = workspace;
    await home();
    edit(MESSAGES, 'page:\n  home:\n    title: All newsletters\n');
    lookAgain();
    expect(await home()).toContain('<title>All newsletters ·');
  });

  it.each([
    ['a catalogue that is no YAML', MESSAGES, 'page: [', 'messages/en.yaml:1:8'],
    ['a message with a value that no page has', MESSAGES, 'page:\n  home:\n    title: "{nmae}"\n', MESSAGES],
  ])('keep pages as they were where %s was saved, and say so once', async (_, path, text, where) => {
    const { home, edit, pass, broken } = workspace;
    const before = await home();
    edit(path, text);
    pass(1_000);
    expect(await home()).toBe(before);
    expect(await home()).toBe(before);
    expect(broken).toEqual([where]);
    edit(path, `${text}\n`);
    pass(1_000);
    expect(await home()).toBe(before);
    edit(path, 'page:\n  home:\n    title: Fixed\n');
    pass(1_000);
    expect(await home()).toContain('<title>Fixed ·');
    expect(broken).toHaveLength(2);
  });

  it('keep pages as they were where a template of the theme is broken', async () => {
    const { templates, edit, pass, broken, home } = workspace;
    for (const path of (await templates.current()).list(`${TEMPLATES}/plain`))
      edit(path.replace(`${TEMPLATES}/`, ''), (await templates.current()).text(path) ?? '');
    pass(1_000);
    const before = await home();
    edit(HOME, '<p>{{nothing}}</p>');
    pass(1_000);
    expect(await home()).toBe(before);
    expect(broken).toEqual([`${HOME}:1:6`]);
    edit(HOME, '<p>fixed</p>');
    pass(1_000);
    expect(await home()).toBe('<p>fixed</p>');
  });

  it('that are broken stop a mail, which is rendered again once they are fixed', async () => {
    const { mail, edit, pass } = workspace;
    await mail();
    edit(MESSAGES, 'page: [');
    pass(1_000);
    await expect(mail()).rejects.toMatchObject({ code: 'theme.invalid' });
    edit(MESSAGES, 'footer:\n  unsubscribe: Leave\n');
    pass(1_000);
    expect(JSON.stringify((await mail()).html)).toContain('Leave');
  });
});
