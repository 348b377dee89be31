/**
 * The repository stands on its own: every rule that a comment cites is defined in docs/rules.md, every file that a page
 * names is there, and nothing refers to pages or paths outside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['src', 'test', 'tools', 'docs'];
const PAGES_AT_ROOT = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const RULES_PAGE = 'docs/rules.md';

interface TextFile {
  /** Below the root. */
  readonly path: string;
  readonly text: string;
}

function filesOf(folder: string): readonly TextFile[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(ts|mjs|md)$/.test(name)).map((name) => fileAt(join(folder, name)));
}

function fileAt(path: string): TextFile {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** Comments of a source file, joined over line breaks; a page is all comment. */
function proseOf({ path, text }: TextFile): string {
  const comments = path.endsWith('.md') ? [text] : (text.match(/\/\*[\s\S]*?\*\/|\/\/.*(?:\n\s*\/\/.*)*/g) ?? []);
  return comments.join('\n\n').replace(/\n[ \t]*(?:\*(?!\/)|\/\/)?[ \t]*(?=\S)/g, ' ');
}

const NAME = "[a-z][a-z'-]*";
/** In brackets or as code: (rule: once), `rules: once, sum`, (RFC 5321, rule: states). */
const CITATION = new RegExp(String.raw`(?<=[(\`][^()\`]*)\b(?:rule: (${NAME})|rules: (${NAME}(?:, ${NAME})*))`, 'g');

function citedRules(file: TextFile): readonly string[] {
  return [...proseOf(file).matchAll(CITATION)].flatMap(([, one, several]) => (one ?? several ?? '').split(', '));
}

/** The rules of the page: its third-level headings, each with the test files named below it. */
function definedRules({ text }: TextFile): ReadonlyMap<string, readonly string[]> {
  const parts = text.split(/^### /m).slice(1);
  return new Map(
    parts.map((part) => {
      const [name = ''] = part.split('\n');
      const tests = part.match(/^Test: .*$/gm)?.join(' ') ?? '';
      return [name.trim(), [...tests.matchAll(/`([^`]+)`/g)].map(([, path]) => path as string)];
    }),
  );
}

/** Targets of links to files that are not there, or that lie outside the repository. */
function brokenLinks({ path, text }: TextFile): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return targets.flatMap((target) => {
    const [file = ''] = target.split('#');
    if (/^[a-z]+:/.test(target) || file === '') return [];
    const found = join(dirname(path), file);
    return found.startsWith('..') || !existsSync(join(ROOT, found)) ? [`${path} links to ${target}`] : [];
  });
}

/** What refers to something that a reader of the repository does not have. */
const FOREIGN = [
  // A section belongs to an RFC or another published standard.
  { what: 'a law book', pattern: /\b(?:laws?|house) §/i },
  { what: 'a page of standards', pattern: /\bstandards? [A-Z]\d/ },
  { what: 'a folder beside the repository', pattern: /\.\.\/shared\b/ },
  { what: 'a folder of one machine', pattern: /(?<![\w.:/-])\/(?:work|home\/\w+)\// },
];

function foreignReferences({ path, text }: TextFile): readonly string[] {
  const found = FOREIGN.filter(({ pattern }) => pattern.test(text));
  return found.map(({ what }) => `${path} refers to ${what}`);
}

describe('the repository', () => {
  const files = FOLDERS.flatMap(filesOf);
  const pages = [...files, ...PAGES_AT_ROOT.filter((path) => existsSync(join(ROOT, path))).map(fileAt)];
  const defined = definedRules(fileAt(RULES_PAGE));

  test('cites no rule that docs/rules.md does not define', () => {
    const cited = files.flatMap((file) => citedRules(file).map((name) => ({ name, path: file.path })));
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter(({ name }) => !defined.has(name))).toEqual([]);
  });

  test('defines each rule once', () => {
    const names = [...fileAt(RULES_PAGE).text.matchAll(/^### (.*)$/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test('has every test file that a rule names', () => {
    const named = [...defined].flatMap(([rule, paths]) => paths.map((path) => ({ rule, path })));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('has every file that its pages link to', () => {
    expect(pages.filter(({ path }) => path.endsWith('.md')).flatMap(brokenLinks)).toEqual([]);
  });

  test('says of every dependency what it is for, and of no other', () => {
    const { dependencies, devDependencies } = JSON.parse(fileAt('package.json').text);
    const [tables = ''] = fileAt('docs/dependencies.md').text.split('\n## Other entries');
    const named = [...tables.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', '));
    expect(named.map((name) => name.replaceAll('`', '')).sort()).toEqual(
      Object.keys({ ...dependencies, ...devDependencies }).sort(),
    );
  });

  test('refers to nothing outside itself', () => {
    expect(pages.flatMap(foreignReferences)).toEqual([]);
  });
});

describe('a planted fault', () => {
  const planted = (text: string, path = 'src/domain/planted.ts'): TextFile => ({ path, text });
  const cite = (names: string) => ['rule', names].join(': ');

  test('is found where a comment cites a rule, also over a line break, and not in code', () => {
    const text = `/**\n * First (${cite('once')}), then (${['rules', 'sum, no-such\n * '].join(': ')}-rule).\n */\nlet rule: text;`;
    expect(citedRules(planted(text))).toEqual(['once', 'sum', 'no-such']);
    expect(citedRules(planted(`// One (${['rules', 'sum,\n// owner'].join(': ')}).`))).toEqual(['sum', 'owner']);
    expect(citedRules(planted(`// As a ${cite('it')} says, not (RFC 5321, ${cite("editor's-words")}).`))).toEqual([
      "editor's-words",
    ]);
  });

  test.each([
    ['a law book', ['laws', '§3.4'].join(' ')],
    ['a page of standards', ['standards', 'X1'].join(' ')],
    ['a folder beside the repository', ['..', 'shared', 'rules.md'].join('/')],
    ['a folder of one machine', ['see ', 'work', 'x.md'].join('/')],
  ])('is found where something refers to %s', (what, text) => {
    expect(foreignReferences(planted(`// ${text}`))).toEqual([`src/domain/planted.ts refers to ${what}`]);
  });

  test.each(['RFC 5321 §4.5', 'house rules', '“the work/life balance”', '`/home` of a site'])('is not %s', (text) => {
    expect(foreignReferences(planted(`// ${text}`))).toEqual([]);
  });

  test('is found where a page links to a file that is not there, or outside', () => {
    const page = (target: string) => brokenLinks(planted(`See [it](${target}).`, 'docs/planted.md'));
    expect(page('../README.md')).toEqual([]);
    expect(page('rules.md#once')).toEqual([]);
    expect(page('https://example.org/a')).toEqual([]);
    expect(page('no-such-page.md')).toEqual(['docs/planted.md links to no-such-page.md']);
    expect(page(['..', '..', 'notes.md'].join('/'))).toEqual(['docs/planted.md links to ../../notes.md']);
  });
});
