/** MJML to HTML, strictly. The library is loaded at the first use: a process that only sends never pays for it. */
import { GazetteError } from '../domain/errors.js';

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

function templateError(error: unknown, places: () => readonly string[]): GazetteError {
  const errors = (error as { errors?: readonly MjmlError[] }).errors ?? [];
  const traced = places();
  const problems = errors.map(({ line = 1, message = 'MJML cannot read this.', tagName }) => ({
    where: traced[line - 1] || (traced[0] ?? ''),
    message: tagName === undefined ? message : `<${tagName}>: ${message}`,
  }));
  const [first] = problems;
  const message = first?.message ?? (error instanceof Error ? error.message : String(error));
  return new GazetteError('theme.invalid', message, {
    ...(first?.where ? { where: first.where } : traced[0] ? { where: traced[0] } : {}),
    problems,
    cause: error,
    hint: 'Fix the template at the place named; mjml.io documents the elements.',
  });
}
