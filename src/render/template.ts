/**
 * Templates of one theme: checked and rewritten when compiled, so that a mistake names file and line,
 * every value is escaped, and what depends on the reader becomes placeholders (rule: merge-fields).
 */
import Handlebars from 'handlebars';
import { MERGE_TAGS, type MergeTag } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { cleanText, escapedHtml, exactHtml, Markup } from './markup.js';
import type { Placeholders } from './placeholders.js';
import { type Escaping, rewriteTemplate } from './rewrite-template.js';
import { sharedPartials } from './shared-partials.js';

/** What one rendering hands to the vocabulary of its templates. */
export interface Job {
  readonly placeholders: Placeholders;
  /** Absent where everything is printed at once. */
  readonly sharing?: Sharing;
}

/** Lets the editions of an issue share what they have in common (rule: pieces). */
export interface Sharing {
  /** The word for a partial whose text depends on its context alone; `undefined`: print it here. */
  slot(partial: string, context: unknown, print: (job: Job) => string): string | undefined;
  /** The word for a text of this edition. */
  word(text: string): string;
  /** Runs a helper that reads the text of its block: no word may be in it. */
  without<T>(work: () => T): T;
}

/** One word of the vocabulary. Throw an `Error` with a plain sentence: the place is added. */
export type TemplateHelper<J extends Job> = (
  values: readonly unknown[],
  named: { readonly [name: string]: unknown },
  job: J,
  /** Absent for an inline helper. */
  block?: Block,
) => unknown;

/** The texts of a block: between `{{#helper}}` and `{{else}}`, and from there to `{{/helper}}`. */
export interface Block {
  readonly main: () => string;
  readonly otherwise: () => string;
}

export type Vocabulary<J extends Job> = { readonly [helper: string]: TemplateHelper<J> };

export interface TemplateSet<J extends Job> {
  /** Renders the main template. Throws `theme.invalid` with file:line:column. */
  render(view: object, job: J): string;
  /** The same text with the lines of the templates it came from: index 0 is the first line. */
  trace(view: object, job: J): readonly string[];
}

export interface TemplateSource<J extends Job> {
  /** How the main file is named to people. */
  readonly shown: string;
  readonly text: string;
  readonly partials: ReadonlyMap<string, { readonly shown: string; readonly text: string }>;
  readonly vocabulary: Vocabulary<J>;
  readonly escape: Escaping;
}

const BUILT_IN = ['if', 'unless', 'each', 'with', 'lookup'];

/** Compiles a template with its partials. Throws `theme.invalid` for the first mistake. */
export function compileTemplates<J extends Job>(source: TemplateSource<J>): TemplateSet<J> {
  const run = build(source, false);
  return {
    render: run,
    trace: (view, job) => placesOf(build(source, true)(view, job)),
  };
}

type Run<J extends Job> = (view: object, job: J) => string;

function build<J extends Job>(source: TemplateSource<J>, traced: boolean): Run<J> {
  const engine = Handlebars.create();
  engine.unregisterHelper('log');
  const helpers: { [name: string]: (...given: unknown[]) => unknown } = {};
  for (const [name, helper] of Object.entries({ ...readerHelpers, ...source.vocabulary }))
    helpers[name] = helperFrom(helper);
  helpers.put = (value: unknown, options: unknown) =>
    putInto(source.escape, value, options as Handlebars.HelperOptions);
  const helperNames = [...BUILT_IN, ...Object.keys(source.vocabulary), 'personal'];
  const known = Object.fromEntries([...BUILT_IN, ...Object.keys(helpers)].map((name) => [name, true]));

  const compile = (text: string, shown: string): Handlebars.TemplateDelegate => {
    try {
      // Compiling strips white space around blocks; what is traced must be stripped before its lines are marked.
      const program = traced ? engine.parse(text) : engine.parseWithoutProcessing(text);
      rewriteTemplate(program, {
        shown,
        helperNames,
        partials: [...source.partials.keys()],
        escape: source.escape,
        traced,
      });
      const run = engine.compile(program, {
        strict: true,
        noEscape: true,
        knownHelpersOnly: true,
        knownHelpers: known as KnownHelpers,
        // An indented partial would indent every line of the values in it.
        preventIndent: source.escape === 'page',
      });
      return (context, options) => located(shown, () => run(context, options));
    } catch (error) {
      throw errorAt(shown, error);
    }
  };
  const main = compile(source.text, source.shown);
  const shared = sharedPartials(parsed(engine, source.partials));
  const partials = Object.fromEntries(
    [...source.partials].map(([name, partial]) => {
      const run = compile(partial.text, partial.shown);
      return [name, shared.has(name) ? sharedPartial(name, run) : run];
    }),
  );
  return (view, job) => main(view, { helpers, partials, data: { job } });
}

/** The partials as they are written. Throws `theme.invalid` for one that cannot be parsed. */
function parsed(
  engine: typeof Handlebars,
  partials: TemplateSource<Job>['partials'],
): ReadonlyMap<string, hbs.AST.Program> {
  const parse = (text: string, shown: string) => {
    try {
      return engine.parse(text);
    } catch (error) {
      throw errorAt(shown, error);
    }
  };
  return new Map([...partials].map(([name, { text, shown }]) => [name, parse(text, shown)]));
}

function sharedPartial(name: string, run: Handlebars.TemplateDelegate): Handlebars.TemplateDelegate {
  return (context, options) => {
    const { data } = options as { data: { readonly job: Job } };
    const print = (job: Job) => run(context, { ...options, data: { ...data, job } });
    return data.job.sharing?.slot(name, context, print) ?? run(context, options);
  };
}

/** The helpers behind `reader.…`: only `rewriteTemplate` writes them. */
const readerHelpers: Vocabulary<Job> = {
  mergeTag: ([part], { at }, job) =>
    new Markup(job.placeholders.add({ kind: 'hole', part: tagFrom(part), where: String(at) })),
  readerIf: ([part], { at }, job, block) => choice(part, at, job, block?.main, block?.otherwise),
  readerUnless: ([part], { at }, job, block) => choice(part, at, job, block?.otherwise, block?.main),
  personal: (_values, _named, _job, block) => new Markup(block?.main() ?? ''),
};

/** Both texts with placeholders around them, in their order in the result. */
function choice(
  part: unknown,
  at: unknown,
  { placeholders }: Job,
  filled: (() => string) | undefined,
  empty: (() => string) | undefined,
): Markup {
  const where = String(at);
  const opening = placeholders.add({ kind: 'if', on: tagFrom(part), where });
  const whenFilled = filled?.() ?? '';
  const between = placeholders.add({ kind: 'else', where });
  const whenEmpty = empty?.() ?? '';
  return new Markup(opening + whenFilled + between + whenEmpty + placeholders.add({ kind: 'end', where }));
}

function tagFrom(value: unknown): MergeTag {
  const tag = MERGE_TAGS.find((one) => one === value);
  if (tag === undefined) throw new Error(`There is no merge tag reader.${String(value)}.`);
  return tag;
}

/** A Handlebars helper from ours: its errors name the place in the template. */
function helperFrom<J extends Job>(helper: TemplateHelper<J>): (...given: unknown[]) => unknown {
  return function (this: unknown, ...given: unknown[]): unknown {
    const options = given.at(-1) as Handlebars.HelperOptions;
    const { fn, inverse } = options as Partial<Handlebars.HelperOptions>;
    const job = options.data.job as J;
    const block = fn && { main: () => fn(this), otherwise: () => inverse?.(this) ?? '' };
    const run = () => helper(given.slice(0, -1), options.hash, job, block);
    try {
      const result = fn && job.sharing && !isReaderHelper(helper) ? job.sharing.without(run) : run();
      return fn && result instanceof Markup ? result.text : result;
    } catch (error) {
      if (error instanceof GazetteError && error.where !== undefined) throw error;
      throw new GazetteError('theme.invalid', messageOf(error), { where: String(options.hash.at), cause: error });
    }
  };
}

/** They pass on the text of their block as it is. */
function isReaderHelper(helper: unknown): boolean {
  return Object.values(readerHelpers).includes(helper as TemplateHelper<Job>);
}

const ESCAPE: { readonly [escaping in Escaping]: (text: string) => string } = {
  html: escapedHtml,
  page: exactHtml,
  none: cleanText,
};

function putInto(escaping: Escaping, value: unknown, { hash, data }: Handlebars.HelperOptions): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') {
    const text = ESCAPE[escaping](String(value));
    const { sharing } = data.job as Job;
    return hash.own && sharing ? sharing.word(text) : text;
  }
  const what =
    value instanceof Date ? 'a date: write {{date …}}' : 'no text: ask with {{#if …}} first, or use a helper';
  throw new GazetteError('theme.invalid', `This value is ${what}.`, { where: String(hash.at) });
}

function located<T>(shown: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw errorAt(shown, error);
  }
}

/** A mistake as Handlebars reports it, with the file it is in. */
function errorAt(shown: string, error: unknown): GazetteError {
  if (error instanceof GazetteError) return error;
  const message = messageOf(error);
  const { lineNumber, column } = error as { lineNumber?: number; column?: number };
  const line = lineNumber ?? Number(/(?:on|at) line (\d+)/i.exec(message)?.[1] ?? 1);
  const where = `${shown}:${line}${column === undefined ? '' : `:${column + 1}`}`;
  const missing = /^"(.+?)" not defined in/.exec(message)?.[1];
  return new GazetteError(
    'theme.invalid',
    missing === undefined ? handlebarsWords(message) : `There is no field “${missing}” here.`,
    { where, cause: error, hint: 'docs/themes.md lists the fields and helpers a template may use.' },
  );
}

/** What Handlebars cannot read or print, in plain English: its own words are those of its parser. */
function handlebarsWords(message: string): string {
  const [first = '', drawn = ''] = message.split('\n').map((line) => line.trim());
  if (/^Parse error|^Lexical error/.test(message))
    return `The template cannot be read${drawn === '' ? '' : ` near “${drawn}”`}. Check that every {{ has its }}, and that names and quotes in it are complete.`;
  const [, opened, closed] = /^(\S+) doesn't match (\S+)/.exec(first) ?? [];
  if (opened !== undefined) return `{{#${opened}}} is closed by {{/${closed}}}.`;
  if (/^Unexpected inverse|^Unexpected else/.test(first)) return '{{else}} stands where no block is open.';
  if (/^Must pass iterator to #each/.test(first)) return '{{#each}} needs a list to go through.';
  if (/requires exactly one argument/.test(first))
    return `{{${/#\w+/.exec(first)?.[0] ?? '#if'}}} needs exactly one value.`;
  if (/^Unsupported number of partial arguments/.test(first))
    return '{{> …}} takes one context, and then name=value pairs.';
  if (/^Invalid path/.test(first)) return `A field cannot be named like this: ${first.slice('Invalid path: '.length)}.`;
  return 'The template cannot be printed here; a helper or a block is used in a way it does not work.';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Takes the line marks out of a traced text and gives each line its place. */
function placesOf(traced: string): readonly string[] {
  let place = '';
  return traced.split('\n').map((line) => {
    const marks = [...line.matchAll(/\ue000([^\ue000\ue001]*)\ue001/g)].map((match) => match[1] ?? '');
    place = marks[0] ?? place;
    const here = place;
    place = marks.at(-1) ?? place;
    return here;
  });
}
