/** Renders the parts of a mail with a compiled theme. Loads the template engine, and MJML when first needed. */
import type { RenderedMail } from '../domain/edition.js';
import type { Messages, RenderInput } from '../domain/ports/content.js';
import { trimLineEnds } from '../domain/trim.js';
import { checkPlaces } from './html-places.js';
import { mailViewFrom } from './mail-view.js';
import { cleanText } from './markup.js';
import { htmlFromMjml } from './mjml.js';
import { openPlaceholders } from './placeholders.js';
import { openSubjects } from './subject.js';
import { compileTemplates, type TemplateSet } from './template.js';
import type { ThemeFiles } from './theme.js';
import { HTML_VOCABULARY, type MailJob, TEXT_VOCABULARY } from './vocabulary.js';

export interface ThemeRenderer {
  /** Prints an edition. Throws `theme.invalid` with the place of every mistake of the theme. */
  print(input: RenderInput, messages: Messages, nonce: string): Promise<RenderedMail>;
}

/** Compiles a theme. Throws `theme.invalid` for its first mistake. */
export function openThemeRenderer(theme: ThemeFiles): ThemeRenderer {
  const subjects = openSubjects();
  const compiled = compileTheme(theme);
  return {
    print: async (input, messages, nonce) => ({
      subject: subjects.render(input, messages, nonce),
      preheader: cleanText(input.preheader).replace(/\s+/g, ' ').trim(),
      ...(await printParts(compiled, input, messages, nonce)),
    }),
  };
}

interface CompiledTheme {
  readonly theme: ThemeFiles;
  readonly html: TemplateSet<MailJob>;
  readonly text: TemplateSet<MailJob>;
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

/** The two parts: Handlebars, then MJML once, then the split into segments and merge fields. */
async function printParts(
  { theme, html, text }: CompiledTheme,
  input: RenderInput,
  messages: Messages,
  nonce: string,
): Promise<Pick<RenderedMail, 'html' | 'text'>> {
  const view = mailViewFrom(input, messages, theme.look);
  const job = (): MailJob => ({
    placeholders: openPlaceholders(nonce),
    messages,
    language: input.language,
    timezone: input.newsletter.timezone,
    look: theme.look,
  });
  const htmlJob = job();
  const markup = await htmlFromMjml(html.render(view, htmlJob), () => html.trace(view, job()));
  const found = htmlJob.placeholders.findIn(markup);
  htmlJob.placeholders.checkArrival(found);
  checkPlaces(markup, found);

  const textJob = job();
  const plain = tidyText(text.render(view, textJob));
  textJob.placeholders.checkArrival(textJob.placeholders.findIn(plain));
  return {
    html: htmlJob.placeholders.segmentsFrom(markup, 'html'),
    text: textJob.placeholders.segmentsFrom(plain, 'text'),
  };
}

/** No white space at line ends, at most one empty line in a row, one line end at the end. */
function tidyText(text: string): string {
  return `${trimLineEnds(cleanText(text))
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
