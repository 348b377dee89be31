/** Renders the parts of a mail with a compiled theme. Loads the template engine, and MJML when first needed. */
import type { RenderedMail } from '../domain/edition.js';
import type { RenderInput } from '../domain/ports/content.js';
import { type CompiledTheme, type IssuePrinterOptions, openIssuePrinter } from './issue-printer.js';
import { cleanText } from './markup.js';
import { openSubjects } from './subject.js';
import { compileTemplates } from './template.js';
import type { ThemeFiles } from './theme.js';
import { HTML_VOCABULARY, TEXT_VOCABULARY } from './vocabulary.js';

export interface ThemeRenderer {
  /** Opens an issue in one language: its editions share what they have in common. */
  open(options: Omit<IssuePrinterOptions, 'compiled'>): EditionRenderer;
}

/** Renders editions. Throws `theme.invalid` with the place of every mistake of the theme. */
export interface EditionRenderer {
  render(input: RenderInput): Promise<RenderedMail>;
  /** Whether the editions rendered so far could share parts. */
  isSharing(): boolean;
}

/** Compiles a theme. Throws `theme.invalid` for its first mistake. */
export function openThemeRenderer(theme: ThemeFiles): ThemeRenderer {
  const subjects = openSubjects();
  const compiled = compileTheme(theme);
  return {
    open(options) {
      const printer = openIssuePrinter({ ...options, compiled });
      return {
        isSharing: printer.isSharing,
        render: async (input) => ({
          subject: subjects.render(input, options.messages, options.nonce),
          preheader: cleanText(input.preheader).replace(/\s+/g, ' ').trim(),
          ...(await printer.print(input)),
        }),
      };
    },
  };
}

function compileTheme(theme: ThemeFiles): CompiledTheme {
  const html = compileTemplates({
    ...theme.html,
    partials: theme.htmlPartials,
    vocabulary: HTML_VOCABULARY,
    escape: 'html',
  });
  const text = compileTemplates({
    ...theme.text,
    partials: theme.textPartials,
    vocabulary: TEXT_VOCABULARY,
    escape: 'none',
  });
  return { theme, html, text };
}
