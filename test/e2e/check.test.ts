import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aFolder, aPostFile, aWorkspace, gazette, gazetteJson, ROOT, SOURCES, WEEKLY } from '../support/e2e-gazette.js';

const SLIPS = {
  'content/posts/slips.md': aPostFile('Slips', ['Alchemy']).replace(
    'The body of Slips.',
    '![](https://blog.example.org/a.png)\n\nRead it [here](https://blog.example.org/b), or [at home](http://localhost:4000/).',
  ),
};

it('A workspace without a slip is clean, for people and for scripts', async () => {
  const folder = await aWorkspace();
  const clean = await gazetteJson(['check', '--fail-on', 'warning'], { folder });
  expect([clean.code, clean.json]).toEqual([0, { newsletter: 'weekly', outcome: 'issue', ok: true, findings: [] }]);
});

it('Every slip is told with its place and its mending, and errors make the status 1', async () => {
  const folder = await aWorkspace({ files: SLIPS });
  const { code, json } = await gazetteJson(['check'], { folder });
  const told = json.findings.map((each: { code: string; where: string }) => [each.code, each.where]);
  expect(told).toEqual([
    ['link.private', 'content/posts/slips.md'],
    ['link.bare-text', 'content/posts/slips.md'],
    ['image.empty-alt', 'content/posts/slips.md'],
    ['post.other', 'content/newsletters/weekly.yaml:7:1'],
  ]);
  expect([code, json.ok]).toEqual([1, false]);
  const people = await gazette(['check', 'weekly'], { folder });
  expect(people.stdout).toContain('→ Let the link say where it leads.');
  expect(people.stdout).toMatch(/1 error, 3 warnings, 0 notes\n$/);
});

it('Warnings fail a check that asks for that, and no other', async () => {
  const files = { 'content/posts/slip.md': aPostFile('Slip', ['Alchemy']) };
  const folder = await aWorkspace({ files });
  expect((await gazette(['check'], { folder })).code).toBe(0);
  expect((await gazette(['check', '--fail-on', 'warning'], { folder })).code).toBe(1);
  expect((await gazette(['check', '--fail-on', 'everything'], { folder })).code).toBe(2);
});

it('Without posts the theme and the settings are looked at all the same; a broken theme is a finding', async () => {
  const files = {
    'content/posts/old.md': '---\ntitle: Old\ndate: 2020-01-01\n---\n\nLong ago.\n',
    'content/newsletters/weekly.yaml': WEEKLY.replace('name: Notes', 'name: "Notes ✓"'),
  };
  const folder = await aWorkspace({ files });
  const nothing = await gazetteJson(['check'], { folder });
  expect(nothing.json).toMatchObject({ outcome: 'nothing-new', ok: true, findings: [{ code: 'sender.name' }] });

  const broken = await aWorkspace({ files: { 'templates/plain/theme.yaml': 'name: Mine\n' } });
  const { code, json } = await gazetteJson(['check'], { folder: broken });
  expect(code).toBe(1);
  expect(json.findings[0]).toMatchObject({ code: 'theme.invalid', where: expect.stringContaining('templates/plain/') });
});

it('Links into a private network are told, and never asked', async () => {
  const folder = await aWorkspace({
    files: { 'content/sources.yaml': SOURCES.replace('https://blog.example.org', 'http://127.0.0.1:1') },
  });
  const { code, json } = await gazetteJson(['check', '--links'], { folder });
  expect(code).toBe(1);
  expect(new Set(json.findings.map((each: { code: string }) => each.code))).toEqual(new Set(['link.private']));
});

it.each(['plain', 'magazine'])('The sample of the package is clean in the theme %s', async (theme) => {
  const folder = await aFolder();
  await cp(join(ROOT, 'content'), join(folder, 'content'), { recursive: true });
  const settings = join(folder, 'content', 'newsletters', 'weekly.yaml');
  await writeFile(settings, (await readFile(settings, 'utf8')).replace(/^theme: .*$/m, `theme: ${theme}`));
  const args = ['check', '--fail-on', 'warning', '--now', '2026-06-15T08:00:00+01:00'];
  const { code, json } = await gazetteJson(args, { folder });
  // One of its posts has a footnote, which no edition shows.
  expect(json.findings.map((each: { code: string }) => each.code)).toEqual(['post.expired', 'post.part-dropped']);
  expect(code).toBe(0);
});
