/** The settings files of a new workspace for a blog that was found, as text with comments. */
import { stringify } from 'yaml';
import type { FoundLook } from '../domain/found-blog.js';
import { scheduleWords } from '../domain/schedule-words.js';

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

/** Where they are, below the workspace. */
export const NEW_WORKSPACE_PATHS = ['content/sources.yaml', 'content/newsletters/weekly.yaml'] as const;

export function newWorkspaceFiles(workspace: NewWorkspace): readonly WorkspaceFile[] {
  return [
    { path: NEW_WORKSPACE_PATHS[0], text: sourcesText(workspace) },
    { path: NEW_WORKSPACE_PATHS[1], text: newsletterText(workspace) },
  ];
}

function sourcesText({ source, what }: NewWorkspace): string {
  const lines = [
    '# Where posts come from. Each source has a name that newsletters refer to. docs/settings.md of Gazette has every key.',
    '',
    `# Found: ${comment(what)}.`,
    'blog:',
    ...Object.entries(source).map(([key, value]) => `  ${key}: ${scalar(value)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function newsletterText(workspace: NewWorkspace): string {
  const { title, language, blogLanguage, baseline, timezone, schedule, categories, look, sender, postalAddress } =
    workspace;
  return `# One newsletter. docs/settings.md of Gazette explains every key.

# A short name. Never change it once issues have been sent.
id: weekly

# What readers see at the top of every issue.
title: ${scalar(title)}

# The language of headings and buttons for readers who have not chosen one. Posts keep their own.
${blogLanguage === undefined ? '' : languageComment(blogLanguage)}language: ${scalar(language)}

# The time zone of the schedule and of the dates in an issue.
timezone: ${scalar(timezone)}

# When an issue is cut off and sent, in cron notation: ${comment(scheduleWords(schedule))}.
schedule: "${schedule.replaceAll('"', '')}"

# The sources of its posts, from ../sources.yaml.
sources: [blog]

# The first issue carries the posts of one period of the schedule. With this line it would carry the newest posts there are.
# baseline: ${baseline}

# The sections of an issue, in this order. Posts in none of them come last, under “Other”. Add \`also: [other, spellings]\` where
# posts name a category differently, and a title for each language with \`title: { en: …, de: … }\`.
${categoriesText(categories)}

# How an issue looks: plain or magazine, or a folder of your own in templates/.
theme: plain

${lookText(look)}
# Who the mail is from.${sender.isGuessed ? ' The address is a guess: write one that may send mail for your domain.' : ''}
sender:
  name: ${scalar(sender.name)}
  address: ${scalar(sender.address)}

${postalText(postalAddress)}
# What else is often set, with its default:
# pictures: each        # each post has its picture; or lead, or none
# minPosts: 1           # with fewer, no issue is sent and the posts wait
# maxPosts: 40          # with more, the rest waits for the next issue
# approval: none        # required: a person approves each issue; veto 2h: it can be stopped for two hours
`;
}

function languageComment(blogLanguage: string): string {
  return `# The posts are in ${comment(blogLanguage)}. For mails in it, write templates/messages/${comment(blogLanguage)}.yaml like en.yaml of Gazette, and name it here.\n`;
}

function categoriesText(categories: readonly NewCategory[]): string {
  if (categories.length === 0) return 'categories: []';
  const keys = categories.map(({ key }) => scalar(key));
  const width = Math.max(...keys.map((key) => key.length));
  const lines = categories.flatMap(({ title, posts }, at) => [
    `  - key: ${(keys[at] as string).padEnd(width)}   # ${posts} ${posts === 1 ? 'post' : 'posts'}`,
    `    title: ${scalar(title)}`,
  ]);
  return `categories:\n${lines.join('\n')}`;
}

/** Its colour is what most owners want to change next, so the key is shown where nothing was found. */
function lookText({ accent, logo, logoWidth }: FoundLook = {}): string {
  const head = '# A colour for links and the masthead, made readable where it is not, and a logo (PNG, JPEG or GIF).';
  const lines = [
    ...(accent === undefined ? [] : [`  accent: ${scalar(accent)}`]),
    ...(logo === undefined ? [] : [`  logo: ${scalar(logo)}`]),
    ...(logo === undefined || logoWidth === undefined ? [] : [`  logoWidth: ${logoWidth}`]),
  ];
  if (lines.length > 0) return `${head}\nlook:\n${lines.join('\n')}\n`;
  return `${head}\n# look:\n#   accent: "#0b5a75"\n#   logo: https://…/logo.png\n`;
}

function postalText(address: string | undefined): string {
  const head = '# The postal address in the footer. A real send needs it; the law in many countries requires it.\n';
  if (address === undefined) return `${head}# postalAddress: |\n#   Name, street, town\n`;
  return `${head}postalAddress: |\n${address
    .split(/\r?\n/)
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

/** A value on one line, quoted unless it is plain words or an address: JSON is YAML. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain =
    /^(?:[\p{L}.][\p{L}\p{N} /._’-]*|https?:\/\/[\w./~%-]+|[\w.-]+@[\w.-]+)$/u.test(value) &&
    stringify(value).trim() === value;
  return isPlain ? value : JSON.stringify(value);
}

/** On one line, so that nothing of it is read. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 200);
}
