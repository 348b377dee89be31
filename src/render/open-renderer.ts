/**
 * Renders composed editions as mail with merge fields (rule: merge-fields).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { RenderedMail } from '../domain/edition.js';
import type { Messages, Renderer, RenderInput } from '../domain/ports/content.js';
import type { RunJob } from '../domain/ports/host.js';
import { measureMail } from './measure.js';
import { mailMessagesHash, messagesIn } from './messages.js';
import { printHere } from './mjml.js';
import { type MailChecks, openChecks } from './open-checks.js';
import type { TemplateFiles } from './template-files.js';
import { themeIn, themeNames } from './theme.js';
import type { EditionRenderer } from './theme-renderer.js';
import { postWeights } from './weigh-post.js';

export interface RendererOptions {
  readonly templates: TemplateFiles;
  /** An unguessable word of letters and digits, new at each call. */
  readonly nonce?: () => string;
  /** Prints MJML; absent: in this thread. */
  readonly runMjml?: RunJob;
}

export interface ThemeRenderers extends Renderer {
  /** The messages of a language or its base language. Throws `theme.missing` when there are none. */
  messages(language: string): Promise<Messages>;
  /** The themes there are, by name. */
  themes(): Promise<readonly ThemeSummary[]>;
  /** What an editor should fix in a rendered mail. */
  readonly checks: MailChecks;
}

export interface ThemeSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** Opens the renderer over these templates. Reads nothing until asked. A broken template is an error: no mail is sent with an older one. */
export function openRenderer({ templates, nonce = randomNonce, runMjml = printHere }: RendererOptions): ThemeRenderers {
  const messages = async (language: string) => messagesIn(await templates.current(), language);
  const themeOf = async (name: string) => themeIn(await templates.current(), name);

  /** By issue and language. */
  const issues = new WeakMap<object, Map<string, Promise<OpenIssue>>>();

  async function open(input: RenderInput, isWhole: boolean): Promise<OpenIssue> {
    // Loaded with the first mail, so that a process that renders nothing starts faster.
    const { openThemeRenderer } = await import('./theme-renderer.js');
    const state = await templates.current();
    const { theme } = input.newsletter;
    const files = await themeIn(state, theme);
    const renderer = await state.parsed(`renderer ${theme}`, () => openThemeRenderer(files));
    const word = nonceFor(input, nonce);
    const inLanguage = await messagesIn(state, input.language);
    const opened = renderer.open({ input, messages: inLanguage, nonce: word, isWhole, runMjml });
    return { nonce: word, renderer: opened, seen: new WeakSet() };
  }

  async function render(input: RenderInput, issue: object = {}, { isWhole = false } = {}): Promise<RenderedMail> {
    const languages = issues.get(issue) ?? new Map<string, Promise<OpenIssue>>();
    issues.set(issue, languages);
    const kept = languages.get(input.language) ?? open(input, isWhole);
    languages.set(input.language, kept);
    try {
      const opened = await kept;
      if (!holds(opened, input)) return await opened.renderer.render(input);
      languages.delete(input.language);
    } catch (error) {
      languages.delete(input.language);
      throw error;
    }
    return render(input, issue, { isWhole });
  }

  /** Whether the editions of an issue that were rendered in a language could share parts. */
  async function isSharing(issue: object, language: string): Promise<boolean> {
    return (await issues.get(issue)?.get(language))?.renderer.isSharing() ?? false;
  }

  return {
    messages,
    render,
    measure: (mail) => measureMail(mail).counted,
    async weighing(theme) {
      const state = await templates.current();
      const { look } = await themeIn(state, theme);
      return state.parsed(`weights ${theme}`, () => postWeights(look));
    },
    checks: openChecks({ themeOf, messages, render, isSharing }),
    async themes() {
      const state = await templates.current();
      const looks = themeNames(state).map(async (name) => ({ name, look: (await themeIn(state, name)).look }));
      return (await Promise.all(looks)).map(({ name, look }) => ({
        name,
        title: look.name,
        description: look.description,
      }));
    },
    async hashes(name) {
      const state = await templates.current();
      const { source } = await themeIn(state, name);
      const theme = await state.parsed(`hash ${name}`, () => createHash('sha256').update(source).digest('hex'));
      return { theme, messages: await mailMessagesHash(state) };
    },
    lookAgain: templates.lookAgain,
  };
}

/** An issue in one language, whose editions are being rendered. */
interface OpenIssue {
  readonly nonce: string;
  readonly renderer: EditionRenderer;
  /** What is known not to hold the nonce. */
  readonly seen: WeakSet<object>;
}

/** Whether the nonce occurs in what will be rendered: every post is read once. */
function holds(
  { nonce, seen }: OpenIssue,
  { digest, newsletter, introduction, subject, preheader }: RenderInput,
): boolean {
  const posts = digest.sections.flatMap((section) => section.posts);
  const fresh = [newsletter, introduction, ...posts].filter((each) => each !== undefined && !seen.has(each));
  const titles = digest.sections.map(({ key, title }) => [key, title]);
  if (JSON.stringify([fresh, titles, subject, preheader]).includes(nonce)) return true;
  for (const each of fresh) seen.add(each as object);
  return false;
}

/** A nonce that does not occur in what will be rendered. */
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
