/**
 * Renders composed editions as mail with merge fields (rule: merge-fields).
 * Templates are compiled once for each version of a theme's files.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { RenderedMail } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Renderer, RenderInput } from '../domain/ports/content.js';
import type { Files } from '../domain/ports/host.js';
import { harmIn } from './guard-mail.js';
import { measureMail } from './measure.js';
import { type MessageCatalogs, openMessageCatalogs } from './messages.js';
import { type MailChecks, openChecks } from './open-checks.js';
import { readTheme, themeNames } from './theme.js';
import type { ThemeRenderer } from './theme-renderer.js';

export interface RendererOptions {
  readonly files: Files;
  /** Absolute; the workspace's templates/ before the package's. */
  readonly themeFolders: readonly string[];
  /** How a path is shown to people; unchanged when absent. */
  readonly shown?: (path: string) => string;
  /** An unguessable word of letters and digits, new at each call. */
  readonly nonce?: () => string;
}

export interface ThemeRenderers extends Renderer, MessageCatalogs {
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

/** Opens the renderer over these template folders. Reads nothing until asked. */
export function openRenderer(options: RendererOptions): ThemeRenderers {
  const { files, themeFolders, shown = (path) => path, nonce = randomNonce } = options;
  const catalogs = openMessageCatalogs(files, themeFolders, shown);
  let opened: Promise<ThemeRenderer> | undefined;
  // Loaded with the first mail, so that a process that renders nothing starts faster.
  const themeRenderer = () => {
    opened ??= import('./theme-renderer.js').then(({ openThemeRenderer }) => openThemeRenderer());
    return opened;
  };

  const themeOf = (name: string) => readTheme(files, themeFolders, name, shown);

  async function render(input: RenderInput): Promise<RenderedMail> {
    const [theme, messages, { print }] = await Promise.all([
      themeOf(input.newsletter.theme),
      catalogs.messages(input.language),
      themeRenderer(),
    ]);
    const mail = await print(theme, input, messages, nonceFor(input, nonce));
    throwHarm(mail, theme.html.shown);
    return mail;
  }

  return {
    ...catalogs,
    render,
    measure: (mail) => measureMail(mail).counted,
    checks: openChecks({ themeOf, messages: catalogs.messages, render }),
    async themes() {
      const names = await themeNames(files, themeFolders);
      return Promise.all(
        names.map(async (name) => {
          const { look } = await themeOf(name);
          return { name, title: look.name, description: look.description };
        }),
      );
    },
    async hashes(name) {
      const { source } = await themeOf(name);
      return { theme: createHash('sha256').update(source).digest('hex'), messages: await catalogs.mailMessagesHash() };
    },
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
