/** What templates see: the composed data with every field present, so that an unknown name is a mistake and not a blank. */

import { textFor } from '../domain/arrangement.js';
import type { DigestPost, Section } from '../domain/digest.js';
import { type Direction, directionOfLanguage, directionOfText, isolated } from '../domain/direction.js';
import type { Html } from '../domain/html.js';
import { isSameLanguage } from '../domain/language.js';
import type { Messages, RenderInput } from '../domain/ports/content.js';
import type { Picture } from '../domain/post.js';
import { type ShownDate, shownDateOf } from '../domain/shown-date.js';
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
  readonly publishedAt: ShownDate;
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

export interface MailViews {
  /** The view of one edition, for its HTML and its text. */
  of(input: RenderInput): object;
  /** Whether it is a section or a post that editions may share. */
  isShared(view: unknown): view is object;
}

/**
 * The views of an issue's editions in one language. What several editions show alike is the same object in all of them.
 * Only digest, subject and preheader may differ between the inputs.
 */
export function openMailViews(messages: Messages, look: ThemeLook): MailViews {
  const shared = new WeakSet<object>();
  const numbers = new WeakMap<DigestPost, number>();
  let count = 0;
  const numberOf = (post: DigestPost): number => {
    const known = numbers.get(post);
    if (known !== undefined) return known;
    count += 1;
    numbers.set(post, count);
    return count;
  };
  const context: Omit<SectionContext, 'input'> = { messages, look, numberOf, posts: new Map(), sections: new Map() };
  let frame: { readonly of: RenderInput['newsletter']; readonly view: object } | undefined;

  function sectionsOf(input: RenderInput, lead: DigestPost | undefined): readonly SectionView[] {
    return input.digest.sections.map((section, index) => {
      const hasLead = lead !== undefined && section.posts.includes(lead);
      const posts = section.posts.map((post) => (post === lead ? `lead ${numberOf(post)}` : numberOf(post)));
      const key = JSON.stringify([section.key, section.title, hasLead && index === 0, posts]);
      const known = context.sections.get(key);
      if (known) return known;
      const view = sectionView(section, { ...context, input }, index, lead);
      context.sections.set(key, view);
      for (const each of [view, ...view.posts, ...view.links]) shared.add(each);
      return view;
    });
  }

  return {
    isShared: (view): view is object => typeof view === 'object' && view !== null && shared.has(view),
    of(input) {
      const { digest } = input;
      const lead = digest.sections.flatMap((section) => section.posts).find((post) => post.form === 'full');
      const sections = sectionsOf(input, lead);
      if (frame?.of !== input.newsletter) frame = { of: input.newsletter, view: frameView(input, messages, look) };
      return {
        ...frame.view,
        subject: cleanText(input.subject),
        preheader: cleanText(input.preheader),
        sections,
        lead: sections.flatMap((section) => section.posts).find((post) => post.isLead) ?? null,
        showContents: sections.length > 3,
        count: digest.sections.reduce((sum, section) => sum + section.posts.length, 0),
      };
    },
  };
}

/** What all editions of an issue in one language show alike. */
function frameView(input: RenderInput, { direction }: Messages, look: ThemeLook): object {
  const { newsletter, issue, digest, language } = input;
  const addressLines = linesOf(newsletter.postalAddress ?? '');
  return {
    newsletter: {
      title: cleanText(newsletter.title),
      postalAddress: addressLines.length === 0 ? null : addressLines.join(', '),
      addressLines,
      sender: newsletter.sender,
      logo: newsletter.look?.logo ?? null,
    },
    issue: { number: issue.number, date: issue.date },
    introduction: input.introduction !== undefined && hasContent(input.introduction) ? input.introduction : null,
    introductionIn: introductionIn(input, direction),
    language,
    direction,
    start: direction === 'rtl' ? 'right' : 'left',
    end: direction === 'rtl' ? 'left' : 'right',
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
  /** Views that editions share, by what they show. */
  readonly sections: Map<string, SectionView>;
  readonly posts: Map<string, PostView>;
  /** Tells posts apart: two forms of one post have two numbers. */
  numberOf(post: DigestPost): number;
}

interface SectionView {
  readonly posts: readonly PostView[];
  readonly links: readonly PostView[];
}

function sectionView(
  section: Section,
  context: SectionContext,
  place: number,
  lead: DigestPost | undefined,
): SectionView {
  const colours = context.look.sections;
  const index = colours.length === 0 ? 0 : colourIndex(section.key, context.input) % colours.length;
  const pair = colours[index];
  const head = { title: cleanText(section.title), index, colour: pair ? new Markup(pair.light) : null };
  const views = section.posts.map((post) => ({
    form: post.form,
    view: keptPostView(post, { key: section.key, head, isLead: post === lead }, context),
  }));
  const posts = views.filter(({ form }) => form === 'full').map(({ view }) => view);
  const links = views.filter(({ form }) => form === 'link').map(({ view }) => view);
  const others = posts.filter((post) => !post.isLead);
  return {
    key: section.key,
    ...head,
    count: section.posts.length,
    posts,
    /** Whole posts without the lead. */
    others,
    links,
    /** Whether the lead is directly above, so that the heading need not be repeated. */
    followsLead: place === 0 && posts.some((post) => post.isLead),
    hasMore: others.length + links.length > 0,
  } as SectionView;
}

/** A section keeps its colour from issue to issue: it goes by the newsletter's order of categories. */
function colourIndex(key: string, { newsletter }: RenderInput): number {
  const place = newsletter.categories.findIndex((category) => category.key === key);
  return place < 0 ? newsletter.categories.length : place;
}

interface PostPlace {
  /** The key of its section. */
  readonly key: string;
  readonly head: PostView['section'];
  readonly isLead: boolean;
}

/** The same view wherever a post is shown alike. */
function keptPostView(post: DigestPost, place: PostPlace, context: SectionContext): PostView {
  const name = JSON.stringify([context.numberOf(post), place.key, place.head.title, place.isLead]);
  const view = context.posts.get(name) ?? postView(post, place, context);
  context.posts.set(name, view);
  return view;
}

function postView(post: DigestPost, { key, head, isLead }: PostPlace, { input, messages }: SectionContext): PostView {
  const { language } = input;
  const title = cleanText(post.title);
  const around = messages.direction;
  const inLine = (name: string): string => isolated(cleanText(name), around);
  const direction = post.language ? directionOfLanguage(post.language) : (directionOfText(title) ?? around);
  return {
    title,
    shortTitle: shortened(title),
    titleHtml: post.titleHtml ?? [{ type: 'text', value: title }],
    url: absoluteHref(post.url) ?? null,
    authors: post.authors,
    byline: post.authors.length === 0 ? null : new Intl.ListFormat(language).format(post.authors.map(inLine)),
    publishedAt: shownDateOf(post),
    language: post.language !== undefined && !isSameLanguage(post.language, language) ? post.language : null,
    direction: direction === around ? null : direction,
    start: direction === 'rtl' ? 'right' : 'left',
    alsoIn: post.categories
      .filter((category) => category !== key)
      .flatMap((category) => categoryTitle(category, input))
      .map(inLine),
    excerpt: hasContent(post.excerpt) ? post.excerpt : null,
    continues: post.continues,
    figure: figureFrom(post.figure),
    readingMinutes: post.readingMinutes,
    isLead,
    section: head,
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
