/** A theme: a folder of templates with one look, and theme.yaml, which names its colours, fonts and widths. */
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { GazetteError } from '../domain/errors.js';
import type { TemplateState } from './template-files.js';
import { dataFromYaml } from './yaml-file.js';

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'Must be a colour such as #1a2b3c.');
const style = z.string().regex(/^[^<>"&{}\\@]*$/, 'Must be CSS declarations without < > " & { } \\ @.');
const font = z.string().regex(/^[\w ,'-]+$/, "Must be font names separated by commas, in ' ' where they hold spaces.");

const REQUIRED_COLOURS = ['background', 'paper', 'text', 'muted', 'link', 'line', 'code'] as const;
const palette = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'Must be a word that begins with a small letter.'), colour)
  .superRefine((colours, context) => {
    for (const name of REQUIRED_COLOURS) {
      if (!(name in colours)) context.addIssue({ code: 'custom', message: `The colour “${name}” is missing.` });
    }
  });

const themeSchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().min(1),
    /** CSS pixels of the whole mail, and of pictures in posts. */
    width: z.int().min(320).max(640),
    contentWidth: z.int().min(240).max(640),
    colours: z.strictObject({ light: palette, dark: palette }),
    /** One pair for each section in turn. */
    sections: z.array(z.strictObject({ light: colour, dark: colour })).default([]),
    fonts: z.strictObject({ body: font, heading: font, code: font }),
    /** Inline style of the elements of posts. */
    elements: z
      .record(z.string().regex(/^[a-z][a-z0-9]*$/, 'Must be the name of an HTML element, such as h2.'), style)
      .default({}),
  })
  .superRefine(({ colours }, context) => {
    for (const name of Object.keys(colours.light)) {
      if (name in colours.dark) continue;
      context.addIssue({ code: 'custom', path: ['colours', 'dark'], message: `The colour “${name}” is missing.` });
    }
  });

/** What theme.yaml says. */
export type ThemeLook = z.output<typeof themeSchema>;

export interface ThemeText {
  readonly shown: string;
  readonly text: string;
}

export interface ThemeFiles {
  readonly look: ThemeLook;
  /** How theme.yaml is named to people. */
  readonly shown: string;
  readonly html: ThemeText;
  readonly text: ThemeText;
  readonly htmlPartials: ReadonlyMap<string, ThemeText>;
  readonly textPartials: ReadonlyMap<string, ThemeText>;
  /** Every file of the theme, joined: equal texts are the same theme. */
  readonly source: string;
}

/** The theme from the first folder that has it. Throws `theme.missing` or `theme.invalid`. */
export async function themeIn(state: TemplateState, name: string): Promise<ThemeFiles> {
  const root = themeRoot(state, name);
  if (root === undefined) throw new GazetteError('theme.missing', `There is no theme “${name}”.`);
  return state.parsed(`theme ${name}`, () => themeFrom(root, mailTextsIn(state, root), state.shown));
}

/** The folder of a theme; `undefined`: there is no such theme. */
export function themeRoot({ folders, text }: TemplateState, name: string): string | undefined {
  if (!/^[\w-]+$/.test(name)) return undefined;
  return folders.map((folder) => join(folder, name)).find((root) => text(join(root, 'theme.yaml')) !== undefined);
}

/** The names of the themes there are, sorted. */
export function themeNames({ folders, list }: TemplateState): readonly string[] {
  const paths = folders.flatMap(list).filter((path) => basename(path) === 'theme.yaml');
  return [...new Set(paths.map((path) => basename(dirname(path))))].sort();
}

/** Pages and confirmations are rendered separately: a change to them never voids an approval (rule: approval). */
function mailTextsIn({ list, text }: TemplateState, root: string): ReadonlyMap<string, string> {
  const isMail = (path: string) =>
    /\.(?:hbs|yaml)$/.test(path) && !/^[\\/](?:pages[\\/]|confirm\.)/.test(path.slice(root.length));
  return new Map(list(root).flatMap((path) => (isMail(path) ? [[path, text(path) ?? '']] : [])));
}

function themeFrom(root: string, texts: ReadonlyMap<string, string>, shown: (path: string) => string): ThemeFiles {
  const need = (name: string): ThemeText => {
    const path = join(root, name);
    const text = texts.get(path);
    if (text !== undefined) return { shown: shown(path), text };
    throw new GazetteError('theme.invalid', `The theme has no ${name}.`, { where: shown(path) });
  };
  const partials = (ending: string): ReadonlyMap<string, ThemeText> =>
    new Map(
      [...texts]
        .filter(([path]) => path.startsWith(join(root, 'partials')) && path.endsWith(ending))
        .map(([path, text]) => [basename(path, ending), { shown: shown(path), text }]),
    );
  const yaml = need('theme.yaml');
  return {
    look: dataFromYaml(themeSchema, yaml.text, yaml.shown),
    shown: yaml.shown,
    html: need('issue.mjml.hbs'),
    text: need('issue.txt.hbs'),
    htmlPartials: partials('.mjml.hbs'),
    textPartials: partials('.txt.hbs'),
    source: [...texts].flat().join('\0'),
  };
}
