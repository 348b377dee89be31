/** The settings files of a new workspace for a blog that was found, as text with comments. */
import { stringify } from 'yaml';
import type { FoundLook } from '../domain/found-blog.js';

/** What the files say. */
export interface NewWorkspace {
  /** An entry of content/sources.yaml. */
  readonly source: { readonly [key: string]: unknown };
  /** How the blog was recognised. */
  readonly what: string;
  readonly title: string;
  readonly language: string;
  /** That of its posts, where the newsletter has another one. */
  readonly blogLanguage?: string;
  /** A day, with which the first issue would carry the newest posts. */
  readonly baseline: string;
  readonly timezone: string;
  /** In cron notation. */
  readonly schedule: string;
  /** The most used first. */
  readonly categories: readonly NewCategory[];
  readonly look?: FoundLook;
  readonly sender: { readonly name: string; readonly address: string; readonly isGuessed: boolean };
  readonly postalAddress?: string;
}

export interface NewCategory {
  readonly key: string;
  readonly title: string;
  readonly posts: number;
}

export interface WorkspaceFile {
  /** Below the workspace. */
  readonly path: string;
  readonly text: string;
}

export function newWorkspaceFiles(workspace: NewWorkspace): readonly WorkspaceFile[] {
  return [
    { path: 'content/sources.yaml', text: sourcesText(workspace) },
    { path: 'content/newsletters/weekly.yaml', text: newsletterText(workspace) },
  ];
}

function sourcesText({ source, what }: NewWorkspace): string {
  const lines = [
    '# Where posts come from. Each source has a name that newsletters refer to. docs/settings.md of Gazette has every key.',
    `# ${comment(what)}`,
    'blog:',
    ...Object.entries(source).map(([key, value]) => `  ${key}: ${scalar(value)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function newsletterText({
  title,
  language,
  blogLanguage,
  baseline,
  timezone,
  schedule,
  categories,
  look,
  sender,
  postalAddress,
}: NewWorkspace): string {
  return `# One file per newsletter. docs/settings.md of Gazette explains every key.
id: weekly                          # never change it once issues have been sent
title: ${scalar(title)}
${blogLanguage === undefined ? '' : languageComment(blogLanguage)}language: ${scalar(language)}
timezone: ${scalar(timezone)}
schedule: "${schedule.replaceAll('"', '')}"               # when an issue is cut off and sent, in cron notation, in the time zone above
sources: [blog]
# The first issue carries the posts of one period of the schedule. This line would make it carry the newest posts there are:
# baseline: ${baseline}

# The sections of an issue, in this order. Posts in none of them come last, under “Other”.
${categoriesText(categories, language)}
theme: plain                        # plain or magazine, or a folder of your own in templates/
${lookText(look)}
# Who the mail is from.${sender.isGuessed ? ' The address is a guess: write one that may send mail for your domain.' : ''}
sender:
  name: ${scalar(sender.name)}
  address: ${scalar(sender.address)}

${postalText(postalAddress)}`;
}

function languageComment(blogLanguage: string): string {
  return `# The posts are in ${comment(blogLanguage)}. For mails in it, write templates/messages/${comment(blogLanguage)}.yaml like en.yaml of Gazette, and name it here and below.\n`;
}

function categoriesText(categories: readonly NewCategory[], language: string): string {
  if (categories.length === 0) return 'categories: []';
  const lines = categories.flatMap(({ key, title, posts }) => [
    `  - key: ${scalar(key)}   # ${posts} ${posts === 1 ? 'post' : 'posts'}`,
    `    title: { ${scalar(language)}: ${scalar(title)} }`,
  ]);
  return `categories:\n${lines.join('\n')}`;
}

/** Its colour is what most owners want to change next, so the key is shown where nothing was found. */
function lookText({ accent, logo, logoWidth }: FoundLook = {}): string {
  const lines = [
    ...(accent === undefined
      ? []
      : [`  accent: ${scalar(accent)}                 # links and masthead; made readable where it is not`]),
    ...(logo === undefined ? [] : [`  logo: ${scalar(logo)}`]),
    ...(logo === undefined || logoWidth === undefined
      ? []
      : [`  logoWidth: ${logoWidth}                      # pixels`]),
  ];
  if (lines.length > 0) return `look:                               # found on the site\n${lines.join('\n')}\n`;
  return '# look:\n#   accent: "#0b5a75"               # the colour of links and masthead\n#   logo: https://…/logo.png\n';
}

function postalText(address: string | undefined): string {
  const head = '# The postal address in the footer. A real send needs it; the law in many countries requires it.\n';
  if (address === undefined) return `${head}# postalAddress: |\n#   Name, street, town\n`;
  return `${head}postalAddress: |\n${address
    .split(/\r?\n/)
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

/** A value on one line, quoted unless it is plain words: JSON is YAML. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[\p{L}.][\p{L}\p{N} /._’-]*$/u.test(value) && stringify(value).trim() === value;
  return isPlain ? value : JSON.stringify(value);
}

/** On one line, so that nothing of it is read. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 200);
}
