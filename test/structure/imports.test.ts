/**
 * How modules may import one another: downwards only, no cycles (type imports count), engines never each other, and each
 * library from its owner alone. `docs/architecture.md` shows the same as a picture.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** From the bottom up: a module imports modules of lower rows. Those of one row do not import each other. */
const LAYERS = [
  ['domain'],
  ['written'],
  ['sources', 'select', 'compose', 'render', 'deliver', 'audience', 'store', 'jobs', 'platform'],
  ['config'],
  ['issue'],
  ['approval'],
  ['sending'],
  ['readers', 'feedback'],
  ['operate'],
  ['studio'],
  ['cli', 'web', 'scheduler'],
  ['root'],
];
const USE_CASES = ['issue', 'approval', 'sending', 'readers', 'feedback', 'operate', 'studio'];
/** They call use cases, and know nothing else but the domain. */
const ENTRY_POINTS = ['cli', 'web', 'scheduler'];
/** The engines a use case may call directly, because they are pure; all others are reached through ports. */
const PURE_ENGINES = ['select', 'compose', 'audience'];

/** Which modules may import a library; node's own modules are not listed. */
const OWNERS: { readonly [library: string]: readonly string[] } = {
  '@clack/prompts': ['cli'],
  '@hono/node-server': ['web'],
  '@photostructure/sqlite': ['store'],
  chokidar: ['platform'],
  commander: ['cli'],
  croner: ['platform'],
  'csv-parse': ['audience', 'sources'],
  'csv-stringify': ['audience'],
  feedsmith: ['sources'],
  fflate: ['sources'],
  'gray-matter': ['sources'],
  handlebars: ['render'],
  hast: ['sources', 'render'],
  'hast-util-to-html': ['render'],
  hono: ['web'],
  imapflow: ['platform'],
  ignore: ['sources'],
  kysely: ['store'],
  mdast: ['sources'],
  mjml: ['render'],
  'node-cron': ['scheduler'],
  nodemailer: ['deliver'],
  pg: ['store'],
  pino: ['platform'],
  'postal-mime': ['platform', 'feedback'],
  'prom-client': ['web'],
  'proxy-addr': ['web'],
  'lru-cache': ['web'],
  'rehype-parse': ['sources', 'render'],
  'rehype-raw': ['sources'],
  'rehype-sanitize': ['sources'],
  'remark-gfm': ['sources'],
  'remark-parse': ['sources'],
  'remark-rehype': ['sources'],
  'remark-gemoji': ['sources'],
  'remark-smartypants': ['sources'],
  'smol-toml': ['sources'],
  saxes: ['sources'],
  'smtp-server': ['platform'],
  undici: ['platform'],
  unified: ['sources', 'render'],
  yaml: ['config', 'sources', 'written'],
  zod: ['config', 'render', 'sources', 'written'],
};

interface Module {
  readonly path: string;
  /** Paths below src, or names of libraries. */
  readonly imports: readonly string[];
}

function modules(): readonly Module[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((path) => moduleFrom(path, readFileSync(join(SRC, path), 'utf8')));
}

function moduleFrom(path: string, text: string): Module {
  const named = [
    ...text.matchAll(/^(?:import|export)\b[^;'"]*?from '([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import '([^']+)'/gm),
  ];
  const specifiers = named.map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  return { path, imports: specifiers.filter((each) => !each.startsWith('node:')).map((each) => resolved(path, each)) };
}

function resolved(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(SRC, join(SRC, dirname(from), specifier)).replace(/\.js$/, '.ts');
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function moduleOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] as string) : 'root';
}

/** Every import that breaks a rule, one line each. */
function violations(all: readonly Module[]): readonly string[] {
  return [...all.flatMap((each) => each.imports.flatMap((target) => wrongImport(each.path, target))), ...cycles(all)];
}

function wrongImport(path: string, target: string): readonly string[] {
  const from = moduleOf(path);
  if (!target.endsWith('.ts')) {
    return OWNERS[target]?.includes(from) ? [] : [`${path} imports ${target}, which is not its library`];
  }
  const to = moduleOf(target);
  if (from === to) return [];
  const isDownwards = layerOf(from) > layerOf(to);
  const isThroughPorts = !USE_CASES.includes(from) || to === 'domain' || [...USE_CASES, ...PURE_ENGINES].includes(to);
  const isPastUseCases = ENTRY_POINTS.includes(from) && to !== 'domain' && !USE_CASES.includes(to);
  return isDownwards && isThroughPorts && !isPastUseCases ? [] : [`${path} imports ${target}`];
}

function layerOf(module: string): number {
  const layer = LAYERS.findIndex((each) => each.includes(module));
  if (layer === -1) throw new Error(`src/${module} is in no layer: add it to LAYERS.`);
  return layer;
}

/** Depth-first search; a path that comes back to itself is a cycle. */
function cycles(all: readonly Module[]): readonly string[] {
  const byPath = new Map(all.map((each) => [each.path, each]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) found.push(`cycle: ${[...way.slice(way.indexOf(path)), path].join(' → ')}`);
    if (done.has(path) || way.includes(path)) return;
    for (const target of byPath.get(path)?.imports ?? []) if (byPath.has(target)) visit(target, [...way, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return found;
}

describe('imports', () => {
  const all = modules();

  test('run downwards, without cycles, each library from its owner', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(violations(all)).toEqual([]);
  });

  test.each([
    [
      'an upward import',
      'domain/post.ts',
      `import type { X } from '../store/index.js';`,
      /domain\/post.ts imports store/,
    ],
    [
      'an import between engines',
      'render/theme.ts',
      `import { x } from '../store/index.js';`,
      /render\/theme.ts imports/,
    ],
    [
      'a use case that reaches an adapter',
      'issue/plan.ts',
      `import { x } from '../render/theme.js';`,
      /issue\/plan.ts imports/,
    ],
    [
      'a command that reaches an engine',
      'cli/commands/plan.ts',
      `import { x } from '../../audience/csv-columns.js';`,
      /cli\/commands\/plan.ts imports/,
    ],
    ['a library of another module', 'issue/plan.ts', `import { sql } from 'kysely';`, /imports kysely/],
    ['a library loaded on demand', 'cli/io.ts', `await import('mjml');`, /imports mjml/],
  ])('%s is found', (_what, path, text, wanted) => {
    expect(violations([moduleFrom(path, text)])).toEqual([expect.stringMatching(wanted)]);
  });

  test('a cycle of type imports is found', () => {
    const planted = [
      moduleFrom('domain/one.ts', `import type { Two } from './two.js';`),
      moduleFrom('domain/two.ts', `export type { One } from './one.js';`),
    ];
    expect(violations(planted)).toEqual(['cycle: domain/one.ts → domain/two.ts → domain/one.ts']);
  });
});
