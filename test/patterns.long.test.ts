/**
 * No pattern of the program takes time that grows faster than the text it reads (rule: strangers-cost-little). Every
 * regular expression in the sources is judged by a checker that looks for texts on which it would backtrack.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { transformSync } from 'esbuild';
import { check } from 'recheck';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

const PRINTED = 'reads markup the program printed itself: every tag and quote in it is closed';
const OWN_TEXT = 'reads the program’s own text';

/** Patterns that may backtrack, by file and how they begin, each with the reason why no stranger’s text makes them. */
const HARMLESS: readonly (readonly [file: string, beginning: string, reason: string])[] = [
  ['deliver/check-message.ts', '"(?:', OWN_TEXT],
  ['deliver/reply-table.ts', '', 'reads the text of a reply, which has at most 500 characters'],
  ['render/guard-mail.ts', '<html', PRINTED],
  ['render/guard-mail.ts', '<body', PRINTED],
  ['render/guard-mail.ts', '<style', PRINTED],
  ['render/html-places.ts', '<!--', PRINTED],
  ['render/still-frame.ts', '(<a\\b', PRINTED],
  ['render/still-frame.ts', '<style\\b', PRINTED],
  ['render/picture-sources.ts', '<img', PRINTED],
  ['render/pages.ts', '[ \\t]+$', OWN_TEXT],
  ['render/surroundings.ts', '<(\\/?)(mj', PRINTED],
];

/** Patterns put together while the program runs, which the checker cannot see: each is known here. */
const MADE_AT_RUN_TIME = [
  'config/newsletter-settings.ts',
  'deliver/reply-table.ts',
  'platform/check-schedule.ts',
  'render/newsletter-look.ts',
  'sources/mdx.ts',
  'sources/template-languages.ts',
];
/** Variables that put letters and digits into a pattern: the checker judges it with a word in their place. */
const WORDS = ['nonce', 'wanted'];

interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

interface Node {
  readonly type?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly callee?: { readonly name?: string };
  readonly arguments?: readonly Node[];
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
  readonly expressions?: readonly Node[];
}

function* nodesIn(value: unknown): Iterable<Node> {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value) yield value as Node;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

/** A pattern made from text and words alone. */
function patternWithWords({ arguments: [text, flags] = [] }: Node): Omit<Pattern, 'file'> | undefined {
  const { quasis = [], expressions = [] } = text ?? {};
  if (quasis.length === 0 || !expressions.every(({ name }) => WORDS.includes(name ?? ''))) return undefined;
  const source = quasis.map(({ value }) => value.cooked).join('word1');
  return { source, flags: typeof flags?.value === 'string' ? flags.value : '' };
}

function readSources() {
  const patterns: Pattern[] = [];
  const made = new Set<string>();
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  for (const path of files.sort()) {
    const file = path.replaceAll('\\', '/');
    const { code } = transformSync(readFileSync(join(SRC, path), 'utf8'), { loader: 'ts', target: 'esnext' });
    for (const node of nodesIn(parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }))) {
      if (node.regex) patterns.push({ file, source: node.regex.pattern, flags: node.regex.flags });
      if (node.type !== 'NewExpression' || node.callee?.name !== 'RegExp') continue;
      const pattern = patternWithWords(node);
      if (pattern) patterns.push({ file, ...pattern });
      else made.add(file);
    }
  }
  return { patterns, made: [...made].sort() };
}

/**
 * Milliseconds for the steps of a check. A step that ends early is no verdict, so a busy machine makes no pattern slow;
 * without limits some searches for an attack take hours.
 */
const PATIENT = { timeout: 600_000, attackTimeout: 5_000, incubationTimeout: 2_500, seedingTimeout: 1_000 } as const;

async function isLinear({ source, flags }: Pattern): Promise<boolean> {
  const { status } = await check(source, flags, { ...PATIENT, randomSeed: 1 });
  return status === 'safe';
}

const { patterns, made } = readSources();

describe('the patterns of the program', () => {
  it('are all seen', () => {
    expect(patterns.length).toBeGreaterThan(300);
    expect(made).toEqual(MADE_AT_RUN_TIME);
  });

  it('take time that grows with the text alone, but for those that read no stranger’s text', {
    timeout: 3_600_000,
  }, async () => {
    const distinct = new Map(patterns.map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern]));
    const slow = new Set<string>();
    for (const [name, pattern] of distinct) if (!(await isLinear(pattern))) slow.add(name);
    const found = patterns.filter(({ source, flags }) => slow.has(`/${source}/${flags}`));
    const isHarmless = ({ file, source }: Pattern) =>
      HARMLESS.some(([of, beginning]) => of === file && source.startsWith(beginning));
    expect(found.filter((pattern) => !isHarmless(pattern))).toEqual([]);
    // What is no longer slow is no longer listed.
    const listed = HARMLESS.filter(([file, beginning]) =>
      found.some((pattern) => pattern.file === file && pattern.source.startsWith(beginning)),
    );
    expect(HARMLESS.filter((each) => !listed.includes(each))).toEqual([]);
  });
});

describe('the checker', () => {
  it.each(['^(?:a|a)*$', '(x+x+)+y', '\\s+$', '<!--[\\s\\S]*?-->'])('finds that /%s/ backtracks', async (source) => {
    expect(await isLinear({ file: '', source, flags: 'g' })).toBe(false);
  });
});
