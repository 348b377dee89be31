/**
 * The print shop: composed editions become mail with typed holes (laws §5.4).
 * Templates are compiled once for each state of a theme's files and kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { RenderedMail } from '../domain/edition.js';
import { GazetteError, type Problem } from '../domain/errors.js';
import type { Files, Renderer, RenderInput, Words } from '../domain/ports.js';
import { checkMail, type Finding } from './check-mail.js';
import { contrastProblems } from './contrast.js';
import { checkPlaces } from './html-places.js';
import { mailViewFrom } from './mail-view.js';
import { cleanText } from './markup.js';
import { measureMail } from './measure.js';
import { htmlFromMjml } from './mjml.js';
import { openPlaceholders } from './placeholders.js';
import { sampleIssues } from './sample-issue.js';
import { openSubjects } from './subject.js';
import { compileTemplates, type TemplateSet } from './template.js';
import { readTheme, type ThemeFiles, themeNames } from './theme.js';
import { HTML_VOCABULARY, type MailJob, TEXT_VOCABULARY } from './vocabulary.js';
import { openWords, type WordsBook } from './words.js';

export interface RendererOptions {
  readonly files: Files;
  /** Absolute; the workspace's templates/ before the package's. */
  readonly themeFolders: readonly string[];
  /** How a path is named to people; as it is when absent. */
  readonly shown?: (path: string) => string;
  /** A word of letters and digits nobody can guess, new at each call. */
  readonly nonce?: () => string;
}

export interface PrintShop extends Renderer, WordsBook {
  /** The themes there are, by name. */
  themes(): Promise<readonly ThemeSummary[]>;
  /** Prints samples with a theme and judges its colours: what an editor should mend. Throws `theme.invalid` when it cannot print. */
  checkTheme(name: string): Promise<readonly Problem[]>;
  /** What is wrong with a rendered mail; see `checkMail`. */
  check(mail: RenderedMail): readonly Finding[];
}

export interface ThemeSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

interface CompiledTheme {
  readonly source: string;
  readonly theme: ThemeFiles;
  readonly html: TemplateSet<MailJob>;
  readonly text: TemplateSet<MailJob>;
}

/** Opens the print shop over these template folders. Reads nothing until asked. */
export function openRenderer(options: RendererOptions): PrintShop {
  const { files, themeFolders, shown = (path) => path, nonce = randomNonce } = options;
  const book = openWords(files, themeFolders, shown);
  const subjects = openSubjects();
  const compiled = new Map<string, CompiledTheme>();

  async function themeOf(name: string): Promise<CompiledTheme> {
    const theme = await readTheme(files, themeFolders, name, shown);
    const kept = compiled.get(name);
    if (kept?.source === theme.source) return kept;
    const fresh = compileTheme(theme);
    compiled.set(name, fresh);
    return fresh;
  }

  async function render(input: RenderInput): Promise<RenderedMail> {
    const [theme, words] = await Promise.all([themeOf(input.newsletter.theme), book.words(input.language)]);
    const word = nonceFor(input, nonce);
    const mail = {
      subject: subjects.render(input, words, word),
      preheader: cleanText(input.preheader).replace(/\s+/g, ' ').trim(),
      ...(await printed(theme, input, words, word)),
    };
    throwErrors(mail, theme.theme.html.shown);
    return mail;
  }

  return {
    ...book,
    render,
    measure: (mail) => measureMail(mail).counted,
    check: checkMail,
    async checkTheme(name) {
      const { theme } = await themeOf(name);
      for (const sample of sampleIssues(name)) await render(sample);
      return contrastProblems(theme.look).map((message) => ({ where: theme.shown, message }));
    },
    async themes() {
      const names = await themeNames(files, themeFolders);
      return Promise.all(
        names.map(async (name) => {
          const { look } = await readTheme(files, themeFolders, name, shown);
          return { name, title: look.name, description: look.description };
        }),
      );
    },
    async hashes(name) {
      const { source } = await readTheme(files, themeFolders, name, shown);
      return { theme: createHash('sha256').update(source).digest('hex'), words: await book.mailWordsHash() };
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
  return { source: theme.source, theme, html, text };
}

/** The two parts: Handlebars, then MJML once, then the split into segments and holes. */
async function printed(
  { theme, html, text }: CompiledTheme,
  input: RenderInput,
  words: Words,
  nonce: string,
): Promise<Pick<RenderedMail, 'html' | 'text'>> {
  const view = mailViewFrom(input, words, theme.look);
  const job = (): MailJob => ({
    placeholders: openPlaceholders(nonce),
    words,
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
  return `${cleanText(text)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** What would harm readers is the template's fault: it stops here, with all of it named. */
function throwErrors(mail: RenderedMail, shown: string): void {
  const errors = checkMail(mail).filter(({ level }) => level === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const problems = errors.map(({ message }) => ({ where: shown, message }));
  throw new GazetteError('theme.invalid', first.message, { where: shown, problems });
}

/** A nonce that occurs nowhere in what will be printed. */
function nonceFor(input: RenderInput, nonce: () => string): string {
  const content = JSON.stringify(input);
  let word = nonce();
  while (content.includes(word)) word = nonce();
  return word;
}

/** 128 random bits; begins with a letter, so that it is a word in any context. */
function randomNonce(): string {
  return `g${randomBytes(16).toString('hex')}`;
}
