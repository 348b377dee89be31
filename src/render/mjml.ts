/** MJML to HTML, strictly. The library is loaded at the first use: a process that only sends never pays for it. */
import { GazetteError } from '../domain/errors.js';
import { type Tag, tagsIn } from './tags.js';

interface MjmlError {
  readonly line?: number;
  readonly message?: string;
  readonly tagName?: string;
}

/**
 * What safely makes the HTML smaller: the white space between tags; quotes and order stay. Styles stay too: it needs a
 * version of cssnano that only this checkout’s lock can hold in its place, and a mail must not depend on who installed.
 */
const OPTIONS = {
  validationLevel: 'strict',
  fonts: {},
  keepComments: false,
  minify: true,
  minifyOptions: { minifyCss: false, collapseWhitespace: 'conservative' },
} as const;

/** @param places where each line of the MJML came from, asked for only when there is a mistake */
export async function htmlFromMjml(mjml: string, places: () => readonly string[]): Promise<string> {
  refuseIncludes(mjml, places);
  refuseUnclosed(mjml, places);
  const { default: convert } = await import('mjml');
  try {
    const { html } = await convert(mjml, OPTIONS as unknown as Parameters<typeof convert>[1]);
    return html;
  } catch (error) {
    throw templateError(error, places);
  }
}

/** MJML would leave an include out without a word. */
function refuseIncludes(mjml: string, places: () => readonly string[]): void {
  const line = mjml.split('\n').findIndex((text) => /<mj-include\b/.test(text));
  if (line < 0) return;
  throw new GazetteError('theme.invalid', 'mj-include is not read; put the piece in partials/ and write {{> piece}}.', {
    where: places()[line] ?? '',
  });
}

/** MJML closes what is open, or drops it, without a word. */
function refuseUnclosed(mjml: string, places: () => readonly string[]): void {
  const found = unclosed(mjml);
  if (!found) return;
  const line = mjml.slice(0, found.at).split('\n').length;
  throw new GazetteError('theme.invalid', found.message, {
    where: places()[line - 1] ?? '',
    hint: 'Close every element, in the order in which they were opened.',
  });
}

/** The first element of MJML that is not closed, or is closed without being open. */
function unclosed(mjml: string): { readonly message: string; readonly at: number } | undefined {
  const open: Tag[] = [];
  for (const tag of tagsIn(mjml)) {
    if (!/^mj(?:-|ml$)/.test(tag.name)) continue;
    if (!tag.isClosing) {
      if (!tag.isEmpty) open.push(tag);
      continue;
    }
    const last = open.pop();
    if (last?.name === tag.name) continue;
    const isOpen = last && open.some(({ name }) => name === tag.name);
    return last && isOpen ? neverClosed(last) : { message: `</${tag.name}> closes nothing that is open.`, at: tag.at };
  }
  return open[0] && neverClosed(open.at(-1) ?? open[0]);
}

function neverClosed({ name, at }: Tag) {
  return { message: `<${name}> is never closed.`, at };
}

function templateError(error: unknown, places: () => readonly string[]): GazetteError {
  const errors = (error as { errors?: readonly MjmlError[] }).errors ?? [];
  const traced = places();
  const problems = errors.map((each) => ({
    where: traced[(each.line ?? 1) - 1] || (traced[0] ?? ''),
    message: mjmlWords(each),
  }));
  const [first] = problems;
  const message = first?.message ?? mjmlWords({ message: error instanceof Error ? error.message : '' });
  return new GazetteError('theme.invalid', message, {
    ...(first?.where ? { where: first.where } : traced[0] ? { where: traced[0] } : {}),
    problems,
    cause: error,
    hint: 'Fix the template at the place named; mjml.io documents the elements.',
  });
}

/** A mistake in plain English: MJML's own words are those of its code. */
function mjmlWords({ message = '', tagName }: MjmlError): string {
  const element = tagName === undefined ? 'The element' : `<${tagName}>`;
  const attributes = /^Attributes? (\S[^\n]*) (?:is|are) illegal$/.exec(message)?.[1];
  if (attributes !== undefined) return `${element} has no attribute ${attributes}.`;
  const [, attribute, value] = /^Attribute (\S+) has invalid value: ([^\n]*) for type /.exec(message) ?? [];
  if (attribute !== undefined) return `${element}: ${attribute} cannot be “${value}”.`;
  const [, inner, outer, allowed] = /^(\S+) cannot be used inside (\S+), only inside: ([^\n]+)$/.exec(message) ?? [];
  if (inner !== undefined) return `<${inner}> cannot stand in <${outer}>, only in ${allowed}.`;
  const unknown = /^Element (\S+) doesn't exist/.exec(message)?.[1];
  if (unknown !== undefined) return `MJML has no element <${unknown}>.`;
  if (/^Malformed MJML|^Parsing failed/.test(message)) return 'A mail must be one <mjml> element.';
  if (/template delimiters|variable syntax/.test(message))
    return 'There are braces ({{ or }}) in a style that belong to no template.';
  return `${element} cannot be read by MJML.`;
}
