/** Whether a theme's text can be read on its ground in both modes (WCAG 2 relative luminance). */
import { type Finding, findingOf } from '../domain/finding.js';
import type { ThemeLook } from './theme.js';

/** Least contrast of text. */
export const LEAST = 4.5;
/** Which colour is on which. A theme that lacks a colour is not asked about it. */
const PAIRS = [
  ['text', 'paper'],
  ['heading', 'paper'],
  ['muted', 'paper'],
  ['link', 'paper'],
  ['muted', 'background'],
  ['link', 'background'],
  ['text', 'code'],
  ['onMasthead', 'masthead'],
  ['mutedOnMasthead', 'masthead'],
] as const;

/** Every pair of colours that is too close. @param where the theme's theme.yaml */
export function contrastFindings({ colours, sections }: ThemeLook, where: string): readonly Finding[] {
  return (['light', 'dark'] as const).flatMap((mode) => {
    const named = colours[mode];
    const pairs = PAIRS.flatMap(([text, ground]) => {
      const [one, other] = [named[text], named[ground]];
      return one === undefined || other === undefined ? [] : [{ name: text, one, ground, other }];
    });
    const paper = named.paper ?? '#ffffff';
    const headings = sections.map((pair, index) => ({
      name: `sections.${index}`,
      one: pair[mode],
      ground: 'paper',
      other: paper,
    }));
    return [...pairs, ...headings].flatMap(({ name, one, ground, other }) => {
      const ratio = contrastOf(one, other);
      if (ratio >= LEAST) return [];
      const message = `${name} on ${ground} (${mode}) has a contrast of ${ratio.toFixed(1)}; ${LEAST} is the least.`;
      const fix = `Make ${name} ${mode === 'light' ? 'darker' : 'lighter'} in \`colours.${mode}\`.`;
      return [findingOf('theme.contrast', { message, fix, where })];
    });
  });
}

/** The contrast of two colours written #rrggbb, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const part = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
