/** Runs MJML itself: the only place that loads it, in whichever thread it is wanted. */

/** What MJML says against a template. */
export interface MjmlMistake {
  readonly line?: number;
  readonly message?: string;
  readonly tagName?: string;
}

/** What came of one text. Plain data, so that it can come from another thread. */
export type MjmlResult =
  | { readonly html: string }
  | { readonly mistakes: readonly MjmlMistake[]; readonly message: string };

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

/** The HTML of an MJML text, or its mistakes. The library is loaded at the first use: a process that only sends never pays for it. */
export async function printMjml(mjml: string): Promise<MjmlResult> {
  const { default: convert } = await import('mjml');
  try {
    const { html } = await convert(mjml, OPTIONS as unknown as Parameters<typeof convert>[1]);
    return { html };
  } catch (error) {
    const { errors = [] } = error as { errors?: readonly MjmlMistake[] };
    return {
      mistakes: errors.map(({ line, message, tagName }) => ({
        ...(line !== undefined && { line }),
        ...(message !== undefined && { message }),
        ...(tagName !== undefined && { tagName }),
      })),
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
