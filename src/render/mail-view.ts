/** What templates see: the composed data with every field present, so that an unknown name is a mistake and not a blank. */

import { textFor } from '../domain/arrangement.js';
import type { DigestPost, Section } from '../domain/digest.js';
import { type Direction, directionOfLanguage, directionOfText, isolated } from '../domain/direction.js';
import type { Html } from '../domain/html.js';
import { isSameLanguage } from '../domain/language.js';
import type { Messages, RenderInput } from '../domain/ports/content.js';
import type { Picture } from '../domain/post.js';
import { graphemesOf } from '../domain/text-width.js';
import { trimEndOf } from '../domain/trim.js';
import { absoluteHref, pictureSrc } from './link.js';
import { cleanText, Markup } from './markup.js';
import type { ThemeLook } from './theme.js';

export interface PostView {
  readonly title: string;
  /** At most some sixty characters of the title: for links that name their post. */
  readonly shortTitle: string;
  readonly titleHtml: Html;
  readonly url: string | null;
  readonly authors: readonly string[];
  /** The authors as a readable list; null without authors. */
  readonly byline: string | null;
  readonly publishedAt: Date;
  /** Set where it differs from the mail's. */
  readonly language: string | null;
  readonly direction: Direction | null;
  /** The side its lines begin at. */
  readonly start: 'left' | 'right';
  /** Titles of its other categories. */
  readonly alsoIn: readonly string[];
  readonly excerpt: Html | null;
  readonly continues: boolean;
  readonly figure: FigureView | null;
  readonly readingMinutes: number;
  /** The first whole post of the mail. */
  readonly isLead: boolean;
  readonly section: { readonly title: string; readonly index: number; readonly colour: Markup | null };
}

export interface FigureView {
  readonly src: string;
  readonly alt: string;
  readonly caption: Html | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** The view of one edition, for its HTML and its text. */
export function mailViewFrom(input: RenderInput, messages: Messages, look: ThemeLook): object {
  const { newsletter, issue, digest, language } = input;
  const direction = messages.direction;
  const addressLines = linesOf(newsletter.postalAddress ?? '');
  const lead = digest.sections.flatMap((section) => section.posts).find((post) => post.form === 'full');
  const sections = digest.sections.map((section, index) =>
    sectionView(section, { input, messages, look, index, lead: lead?.uid }),
  );
  return {
    newsletter: {
      title: cleanText(newsletter.title),
      postalAddress: addressLines.length === 0 ? null : addressLines.join(', '),
      addressLines,
      sender: newsletter.sender,
    },
    issue: { number: issue.number, date: issue.date },
    subject: cleanText(input.subject),
    preheader: cleanText(input.preheader),
    introduction: input.introduction !== undefined && hasContent(input.introduction) ? input.introduction : null,
    introductionIn: introductionIn(input, direction),
    language,
    direction,
    start: direction === 'rtl' ? 'right' : 'left',
    end: direction === 'rtl' ? 'left' : 'right',
    sections,
    lead: sections.flatMap((section) => section.posts).find((post) => post.isLead) ?? null,
    showContents: sections.length > 3,
    count: digest.sections.reduce((sum, section) => sum + section.posts.length, 0),
    heldOver: digest.carriedOver,
    theme: themeView(look),
  };
}

/** Set where the introduction is in another language than the mail. */
function introductionIn({ introductionLanguage, language }: RenderInput, around: Direction): object {
  const isOther = introductionLanguage !== undefined && !isSameLanguage(introductionLanguage, language);
  const direction = isOther ? directionOfLanguage(introductionLanguage) : around;
  return {
    language: isOther ? introductionLanguage : null,
    direction: direction === around ? null : direction,
    start: direction === 'rtl' ? 'right' : 'left',
  };
}

/** A postal address is written over several lines, or in one with commas. */
function linesOf(address: string): readonly string[] {
  const lines = address.split('\n').map((line) => cleanText(line).trim().replace(/,$/, ''));
  return lines.filter((line) => line !== '');
}

/** Checked values of theme.yaml go into CSS and attributes as they are. */
function themeView(look: ThemeLook): object {
  const marked = (values: { readonly [name: string]: string }): object =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Markup(value)]));
  return {
    name: look.name,
    width: look.width,
    contentWidth: look.contentWidth,
    light: marked(look.colours.light),
    dark: marked(look.colours.dark),
    fonts: marked(look.fonts),
    sections: look.sections.map((pair) => marked(pair)),
  };
}

interface SectionContext {
  readonly input: RenderInput;
  readonly messages: Messages;
  readonly look: ThemeLook;
  readonly index: number;
  readonly lead: string | undefined;
}

interface SectionView {
  readonly posts: readonly PostView[];
}

function sectionView(section: Section, context: SectionContext): SectionView {
  const { look } = context;
  const colours = look.sections;
  const place = colours.length === 0 ? 0 : colourIndex(section.key, context) % colours.length;
  const pair = colours[place];
  const head = { title: cleanText(section.title), index: place, colour: pair ? new Markup(pair.light) : null };
  const views = section.posts.map((post) => ({ form: post.form, view: postView(post, section.key, head, context) }));
  const posts = views.filter(({ form }) => form === 'full').map(({ view }) => view);
  const links = views.filter(({ form }) => form === 'link').map(({ view }) => view);
  const view = {
    key: section.key,
    ...head,
    count: section.posts.length,
    posts,
    /** Whole posts without the lead. */
    others: posts.filter((post) => !post.isLead),
    links,
    /** Whether the lead is directly above, so that the heading need not be repeated. */
    followsLead: context.index === 0 && posts.some((post) => post.isLead),
  };
  return { ...view, hasMore: view.others.length + links.length > 0 } as SectionView;
}

/** A section keeps its colour from issue to issue: it goes by the newsletter's order of categories. */
function colourIndex(key: string, { input, index }: SectionContext): number {
  const place = input.newsletter.categories.findIndex((category) => category.key === key);
  return place < 0 ? Math.max(input.newsletter.categories.length, index) : place;
}

function postView(
  post: DigestPost,
  sectionKey: string,
  section: PostView['section'],
  context: SectionContext,
): PostView {
  const { language } = context.input;
  const title = cleanText(post.title);
  const around = context.messages.direction;
  const inLine = (name: string): string => isolated(cleanText(name), around);
  const direction = post.language ? directionOfLanguage(post.language) : (directionOfText(title) ?? around);
  return {
    title,
    shortTitle: shortened(title),
    titleHtml: post.titleHtml ?? [{ type: 'text', value: title }],
    url: absoluteHref(post.url) ?? null,
    authors: post.authors,
    byline: post.authors.length === 0 ? null : new Intl.ListFormat(language).format(post.authors.map(inLine)),
    publishedAt: post.publishedAt,
    language: post.language !== undefined && !isSameLanguage(post.language, language) ? post.language : null,
    direction: direction === around ? null : direction,
    start: direction === 'rtl' ? 'right' : 'left',
    alsoIn: post.categories
      .filter((key) => key !== sectionKey)
      .flatMap((key) => categoryTitle(key, context.input))
      .map(inLine),
    excerpt: hasContent(post.excerpt) ? post.excerpt : null,
    continues: post.continues,
    figure: figureFrom(post.figure),
    readingMinutes: post.readingMinutes,
    isLead: post.uid === context.lead,
    section,
  };
}

const LONGEST_LINK = 60;

/** A title cut between words, or between characters where there are no words; whole when it is short. */
export function shortened(title: string): string {
  let count = 0;
  for (const { index } of graphemesOf(title)) {
    if (count === LONGEST_LINK) return `${withoutLastWord(title.slice(0, index))}…`;
    count += 1;
  }
  return title;
}

/** Unless that leaves less than half of it. */
function withoutLastWord(cut: string): string {
  let lastWord = cut.length;
  while (lastWord > 0 && !/\s/.test(cut.charAt(lastWord - 1))) lastWord -= 1;
  const kept = trimEndOf(cut.slice(0, lastWord), ' \t\n,;:.–—-');
  return kept.length > LONGEST_LINK / 2 ? kept : cut;
}

/** The title of a category of the newsletter; none for a key it does not have. */
function categoryTitle(key: string, { newsletter, language }: RenderInput): readonly string[] {
  const titles = newsletter.categories.find((category) => category.key === key)?.title;
  const title = textFor(titles, language, newsletter.language);
  return title ? [title.text] : [];
}

function figureFrom(figure: Picture | undefined): FigureView | null {
  const src = pictureSrc(figure?.src);
  if (figure === undefined || src === undefined) return null;
  const { alt, caption = null, width = null, height = null } = figure;
  return { src, alt: cleanText(alt), caption, width, height };
}

/** Whether anything of a tree is visible: text, or a picture. */
function hasContent(html: Html): boolean {
  return html.some((node) => {
    if (node.type === 'text') return node.value.trim() !== '';
    return node.type === 'element' && (node.tagName === 'img' || node.tagName === 'hr' || hasContent(node.children));
  });
}
