/** Prints the studio's pages from templates/studio, with the strict templates and the escaping of mails. In English only. */

import { basename, join, relative } from 'node:path';
import type { StudioPages } from '../domain/ports/content.js';
import { formatShownDate } from '../domain/shown-date.js';
import { openPlaceholders } from './placeholders.js';
import { stillFrame } from './still-frame.js';
import { type Block, compileTemplates, type Job, type TemplateSet, type Vocabulary } from './template.js';
import type { TemplateFiles, TemplateState } from './template-files.js';

interface StudioJob extends Job {
  readonly timezone: string;
}

/** @param templates of the folder templates/studio */
export function openStudioPages(templates: TemplateFiles): StudioPages {
  return {
    print: (page, view, timezone) =>
      templates.lastGood(async (state) => {
        const template = await state.parsed(page, () => compiled(state, page));
        return template.render(view, { placeholders: openPlaceholders('gazettestudio'), timezone });
      }),
    frame: stillFrame,
  };
}

const ENDING = '.html.hbs';

function compiled({ folders: [folder = ''], list, text }: TemplateState, page: string): TemplateSet<StudioJob> {
  const fileOf = (path: string) => ({ shown: `templates/studio/${relative(folder, path)}`, text: text(path) ?? '' });
  const path = join(folder, `${page}${ENDING}`);
  if (text(path) === undefined) throw new Error(`There is no template templates/studio/${page}${ENDING}.`);
  const partials = list(join(folder, 'partials')).map((each) => [basename(each, ENDING), fileOf(each)] as const);
  return compileTemplates({
    ...fileOf(path),
    partials: new Map(partials),
    vocabulary: VOCABULARY,
    escape: 'page' as const,
  });
}

const DATE_STYLES = {
  day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  short: { day: 'numeric', month: 'short', year: 'numeric' },
  moment: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
} as const satisfies { readonly [name: string]: Intl.DateTimeFormatOptions };

const VOCABULARY: Vocabulary<StudioJob> = {
  date([value, style = 'moment'], _named, { timezone }) {
    const options = DATE_STYLES[String(style) as keyof typeof DATE_STYLES];
    if (!options) throw new Error(`{{date}} has the styles ${Object.keys(DATE_STYLES).join(', ')}.`);
    return formatShownDate(value, 'en-GB', { ...options, timeZone: timezone });
  },
  /** `{{count n "post" "posts"}}`: a number with its noun. */
  count([value, one, many]) {
    const number = Number(value);
    return `${number.toLocaleString('en')} ${number === 1 ? one : (many ?? `${String(one)}s`)}`;
  },
  figure: ([value]) => Number(value).toLocaleString('en'),
  kilobytes: ([value]) => `${(Number(value) / 1000).toFixed(1)} kB`,
  eq: ([one, other]) => one === other,
  not: ([value]) => !value,
  and: (values) => values.every(Boolean),
  or: (values) => values.some(Boolean),
  join: ([list, separator = ', ']) => (list as readonly unknown[]).join(String(separator)),
  /** A block for a list that is not empty. */
  some([list], _named, _job, block?: Block) {
    return (list as readonly unknown[]).length > 0 ? (block?.main() ?? true) : (block?.otherwise() ?? false);
  },
};
