/** Whatever is wrong in a file that a person wrote, no word of a parser or a schema reaches them. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { arrangementSettings } from '../../src/config/arrangement-settings.js';
import { fieldsFromJson, fieldsFromToml, fieldsFromYaml } from '../../src/sources/front-matter-fields.js';
import { SOURCE_KINDS } from '../../src/sources/index.js';
import { checkSettings } from '../../src/written/check-settings.js';
import { readYamlText } from '../../src/written/read-yaml.js';

/** How the libraries speak. */
const RAW =
  /Invalid|expected|received|Too (?:small|big)|pattern|undefined|Unrecognized|implicit|flow |scalar|token|node|Map keys|indicator|call stack|Unresolved|Expecting|TomlError|document:/;

const BROKEN_YAML: readonly (readonly [string, string])[] = [
  ['an unclosed quote', 'a: "x\nb: 1\n'],
  ['an unclosed list', 'a: [1, 2\nb: 3\n'],
  ['an unclosed map', 'a: {b: 1\nc: 3\n'],
  ['a tab', 'a:\n\tb: 1\n'],
  ['a colon in the text', 'a: b: c\n'],
  ['a key twice', 'a: 1\na: 2\n'],
  ['a wrong escape', 'a: "\\q"\n'],
  ['a wrong indent', 'a:\n   - 1\n  - 2\n'],
  ['an alias to nothing', 'a: *b\n'],
  ['an alias without a name', 'a: * b\n'],
  ['a tag', 'a: !!js/function x\n'],
  ['two anchors', 'a: &b &c d\n'],
  ['two tags', 'a: !b !c d\n'],
  ['a directive', '%FOO\na: 1\n'],
  ['a percent sign', 'a: 1\n%b\n'],
  ['a reserved character', 'a: @b\n'],
  ['a backtick', 'a: `b`\n'],
  ['text behind a bar', 'a: | text\n'],
  ['a comma too many', 'a: [1,,2]\n'],
  ['a missing comma', 'a: {b: 1 c: 2}\n'],
  ['a key over two lines', '"a\nb": 1\n'],
  ['a key without a value', 'a: 1\nb\nc: 2\n'],
  ['a comment without a space', 'a: "b"#c\n'],
  ['a closing bracket alone', 'a: ]\n'],
  ['a list in a map', 'a: 1\n- b\n'],
  ['a list beside a key', 'a: - b\n'],
  ['text behind a quote', 'a: "b" c\n'],
  ['a key too long', `${'k'.repeat(1100)}: 1\n`],
  ['deep brackets', `a: ${'['.repeat(20_000)}\n`],
  ['deep braces', `${'{a: '.repeat(20_000)}\n`],
  ['deep dashes', `${'- '.repeat(20_000)}x\n`],
  ['deep indents', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['a bomb of aliases', bomb()],
];

/** Nine lists, each of nine times the one before. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 10; level += 1)
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\n`;
}

describe('YAML that cannot be read', () => {
  it.each(BROKEN_YAML)('because of %s is a sentence with a place', (_, text) => {
    const { problems } = readYamlText(text, 'a.yaml');
    expect(problems.length).toBeGreaterThan(0);
    for (const { where, message } of problems) {
      expect(where).toMatch(/^a\.yaml:\d+:\d+$/);
      expect(message).not.toMatch(RAW);
      expect(message).toMatch(/^[A-Z“</].*\.$/s);
    }
  });

  it.each(BROKEN_YAML.filter(([what]) => what !== 'a key twice'))(
    'at the head of a post because of %s says so plainly',
    (_, text) => {
      const result = fieldsFromYaml(text);
      if (result.kind === 'fields') return;
      expect(result.trouble.message).not.toMatch(RAW);
      expect(result.trouble.line).toBeGreaterThan(0);
    },
  );

  it.each([
    'a = \n',
    'a = "x\n',
    '[a\n',
    'a = 1\na = 2\n',
    'a = 2026-13-01\n',
    'a = "\\q"\n',
    'a b = 1\n',
    `a = ${'['.repeat(500)}`,
  ])('as TOML, %j, says so plainly', (text) => {
    const result = fieldsFromToml(text);
    expect(result.kind).toBe('trouble');
    if (result.kind === 'trouble') expect(result.trouble.message).not.toMatch(RAW);
  });

  it.each(['{"a" 1}', '{"a": [1, 2}', `{"a": ${'['.repeat(20_000)}`])('as JSON, %j, says so plainly', (text) => {
    const result = fieldsFromJson(text);
    expect(result.kind).toBe('trouble');
    if (result.kind === 'trouble') expect(result.trouble.message).not.toMatch(RAW);
  });

  it('says of an alias that names nothing that it needs quotes', () => {
    const result = fieldsFromYaml('title: *important* news\n');
    expect(result).toMatchObject({ kind: 'trouble', trouble: { message: expect.stringContaining('in quotes') } });
  });
});

const VALUES: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  -1,
  1.5,
  1e9,
  true,
  [],
  [1],
  ['x', 'x'],
  {},
  { x: 1 },
  { X: {} },
  [[]],
];

/** Values for each key of a schema, and for one key more. */
function* wrongValues(schema: z.ZodType): Generator<unknown> {
  yield* VALUES;
  const { shape = {} } = schema as { shape?: object };
  for (const key of [...Object.keys(shape), 'nosuch']) for (const value of VALUES) yield { [key]: value };
}

describe('a value that a schema refuses', () => {
  const tree: z.ZodType = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])));
  const schemas: readonly (readonly [string, z.ZodType])[] = [
    ['an arrangement', arrangementSettings],
    ['messages', tree],
    ...SOURCE_KINDS.map(({ kind, options }) => [`a source of kind ${kind}`, options] as const),
    [
      'formats',
      z.strictObject({ a: z.url(), b: z.email(), c: z.iso.datetime(), d: z.record(z.string().regex(/^a$/), z.int()) }),
    ],
  ];

  it.each(schemas)('of %s is a sentence', (_, schema) => {
    for (const value of wrongValues(schema)) {
      const text = readYamlText(JSON.stringify(value), 'a.yaml');
      const checked = checkSettings(schema, text, value);
      for (const { message } of checked.kind === 'wrong' ? checked.problems : []) expect(message).not.toMatch(RAW);
    }
  });
});
