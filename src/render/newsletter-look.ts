/** The look of a theme with the colour of a newsletter. Whatever the colour is, text can be read. Pure. */
import type { NewsletterLook } from '../domain/newsletter.js';
import { contrastOf, LEAST } from './contrast.js';
import type { ThemeLook } from './theme.js';

type Palette = ThemeLook['colours']['light'];

const BLACK = '#000000';
const WHITE = '#ffffff';

/** The theme's look as it is without an accent. */
export function lookOf(theme: ThemeLook, { accent }: NewsletterLook = {}): ThemeLook {
  if (accent === undefined) return theme;
  const { light, dark } = theme.colours;
  const colours = { light: accented(light, accent, BLACK), dark: accented(dark, accent, WHITE) };
  const elements = Object.entries(theme.elements).map(([name, style]) => [
    name,
    withColour(style, light.link, colours.light.link),
  ]);
  return { ...theme, colours, elements: Object.fromEntries(elements) };
}

/** @param towards in which direction the accent becomes readable on the grounds of a palette */
function accented(palette: Palette, accent: string, towards: string): Palette {
  const { paper, background, masthead, onMasthead, mutedOnMasthead } = palette;
  const link = readable(accent, [paper, background], towards);
  if (masthead === undefined) return { ...palette, link };
  const texts = [onMasthead, mutedOnMasthead].filter(isColour);
  const end = texts.every((text) => contrastOf(text, BLACK) >= contrastOf(text, WHITE)) ? BLACK : WHITE;
  // Less bright where the rest of the mail is dark.
  const ground = towards === WHITE ? mixed(accent, end, 0.6) : accent;
  return { ...palette, link, masthead: readable(ground, texts, end) };
}

const STEPS = 20;

/** The colour, mixed with as much of another one as it takes to contrast with all of these. */
function readable(colour: string, others: readonly (string | undefined)[], towards: string): string {
  for (let step = 0; step < STEPS; step += 1) {
    const tried = mixed(colour, towards, step / STEPS);
    if (others.filter(isColour).every((other) => contrastOf(tried, other) >= LEAST)) return tried;
  }
  return towards;
}

function isColour(colour: string | undefined): colour is string {
  return colour !== undefined;
}

function mixed(one: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [from, to] = [one, other].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

function withColour(style: string, from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return style;
  return style.split(new RegExp(from, 'gi')).join(to);
}
