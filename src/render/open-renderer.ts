/**
 * Renders composed editions as mail with merge fields (rule: merge-fields).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { RenderedMail } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Messages, Renderer, RenderInput } from '../domain/ports/content.js';
import { harmIn } from './guard-mail.js';
import { measureMail } from './measure.js';
import { mailMessagesHash, messagesIn } from './messages.js';
import { type MailChecks, openChecks } from './open-checks.js';
import type { TemplateFiles } from './template-files.js';
import { themeIn, themeNames } from './theme.js';

export interface RendererOptions {
  readonly templates: TemplateFiles;
  /** An unguessable word of letters and digits, new at each call. */
  readonly nonce?: () => string;
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
export function openRenderer({ templates, nonce = randomNonce }: RendererOptions): ThemeRenderers {
  const messages = async (language: string) => messagesIn(await templates.current(), language);
  const themeOf = async (name: string) => themeIn(await templates.current(), name);

  async function render(input: RenderInput): Promise<RenderedMail> {
    // Loaded with the first mail, so that a process that renders nothing starts faster.
    const { openThemeRenderer } = await import('./theme-renderer.js');
    const state = await templates.current();
    const theme = await themeIn(state, input.newsletter.theme);
    const { print } = await state.parsed(`renderer ${input.newsletter.theme}`, () => openThemeRenderer(theme));
    const mail = await print(input, await messagesIn(state, input.language), nonceFor(input, nonce));
    throwHarm(mail, theme.html.shown);
    return mail;
  }

  return {
    messages,
    render,
    measure: (mail) => measureMail(mail).counted,
    checks: openChecks({ themeOf, messages, render }),
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

/** Throws for anything in a rendered mail that would harm readers: the template is wrong. */
function throwHarm(mail: RenderedMail, shown: string): void {
  const harm = harmIn(mail);
  const [first] = harm;
  if (first === undefined) return;
  const problems = harm.map((message) => ({ where: shown, message }));
  throw new GazetteError('theme.invalid', first, { where: shown, problems });
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
