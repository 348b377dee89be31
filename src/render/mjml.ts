/** MJML to HTML, strictly: in this thread, or in one beside it where the event loop must stay free. */
import { GazetteError } from '../domain/errors.js';
import type { JobEnd, RunJob } from '../domain/ports/host.js';
import type { MjmlMistake, MjmlResult } from './print-mjml.js';
import { type Tag, tagsIn } from './tags.js';

/** Prints in this very thread, for a process that does nothing else meanwhile. */
export const printHere: RunJob = async (mjml) => {
  const { printMjml } = await import('./print-mjml.js');
  return { kind: 'done', result: await printMjml(mjml as string) };
};

/** @param places where each line of the MJML came from, asked for only when there is a mistake */
export async function htmlFromMjml(
  mjml: string,
  places: () => readonly string[],
  runMjml: RunJob = printHere,
): Promise<string> {
  refuseIncludes(mjml, places);
  refuseUnclosed(mjml, places);
  const result = resultOf(await runMjml(mjml), places);
  if ('html' in result) return result.html;
  throw templateError(result, places);
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

function resultOf(end: JobEnd, places: () => readonly string[]): MjmlResult {
  if (end.kind === 'done') return end.result as MjmlResult;
  throw new GazetteError('theme.invalid', `MJML did not print this page: ${whyNot(end)}`, {
    where: places()[0] ?? '',
    hint: 'Show fewer posts, or shorter ones, in one mail; a simpler template takes less as well.',
  });
}

function whyNot(end: Exclude<JobEnd, { kind: 'done' }>): string {
  if (end.kind === 'too-long') return `it took longer than ${end.limitMs / 1000} s.`;
  return end.kind === 'out-of-memory' ? `it took more than ${end.memoryMb} MB of memory.` : end.reason;
}

function templateError(
  { mistakes, message: whole }: Exclude<MjmlResult, { html: string }>,
  places: () => readonly string[],
): GazetteError {
  const traced = places();
  const problems = mistakes.map((each) => ({
    where: traced[(each.line ?? 1) - 1] || (traced[0] ?? ''),
    message: mjmlWords(each),
  }));
  const [first] = problems;
  const where = first?.where || traced[0];
  return new GazetteError('theme.invalid', first?.message ?? mjmlWords({ message: whole }), {
    ...(where && { where }),
    problems,
    hint: 'Fix the template at the place named; mjml.io documents the elements.',
  });
}

/** A mistake in plain English: MJML's own words are those of its code. */
function mjmlWords({ message = '', tagName }: MjmlMistake): string {
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
