/** Applies one change of an editor to an arrangement. Pure: `actions/arrangement.ts` writes the result. */
import type { Arrangement, TextByLanguage } from '../domain/arrangement.js';
import { GazetteError } from '../domain/errors.js';
import { formText } from '../domain/form-text.js';

/** What an editor asks for; fields that a kind does not need are empty. */
export interface ArrangementChange {
  readonly kind: string;
  /** A post's public id. */
  readonly post: string;
  /** A section's key. */
  readonly section: string;
  /** The wanted place in its section, from 1, counted among pinned posts or among the others. */
  readonly place: string;
  readonly text: string;
  /** The version of the file the editor has seen; empty if there was none. */
  readonly version: string;
}

/** The issue as the editor sees it: ids by section, in order. */
export type ShownSections = ReadonlyMap<string, readonly string[]>;

type Change = (before: Arrangement, change: ArrangementChange, shown: ShownSections) => Arrangement;

const CHANGES: { readonly [kind: string]: Change } = {
  exclude: (before, { post }) => ({ ...without(before, post), excluded: including(before.excluded, post) }),
  /** Undoes `add`. */
  remove: (before, { post }) => without(before, post),
  /** Undoes `exclude`. */
  include: (before, { post }) => ({ ...before, excluded: before.excluded.filter(isNot(post)) }),
  add: (before, { post }) => ({
    ...before,
    excluded: before.excluded.filter(isNot(post)),
    added: including(before.added, post),
  }),
  pin: (before, { post }) => ({
    ...before,
    excluded: before.excluded.filter(isNot(post)),
    pinned: including(before.pinned, post),
  }),
  unpin: (before, { post }) => ({ ...before, pinned: before.pinned.filter(isNot(post)) }),
  place: (before, { post, place, section }, shown) => {
    const isPinned = (id: string) => before.pinned.includes(id);
    // Pinned posts come first, so the order applies to each kind by itself.
    const alike = (shown.get(section) ?? []).filter((id) => isPinned(id) === isPinned(post));
    const here = placed(alike, post, Number(place) - 1);
    if (here.every((id, index) => id === alike[index])) return before;
    if (!isPinned(post)) return { ...before, order: [...before.order.filter((id) => !here.includes(id)), ...here] };
    const next = here.values();
    return { ...before, pinned: before.pinned.map((id) => (here.includes(id) ? (next.next().value ?? id) : id)) };
  },
  move: (before, { post, section }) =>
    Object.hasOwn(before.sections, post) && before.sections[post] === section
      ? before
      : { ...before, order: before.order.filter(isNot(post)), sections: { ...before.sections, [post]: section } },
  /** Undoes `move`. */
  'reset-section': (before, { post }) => ({ ...before, sections: withoutKey(before.sections, post) }),
  introduction: (before, { text }) => withText(before, 'introduction', text),
  subject: (before, { text }) => withText(before, 'subject', text),
};

/** Throws `usage` for an unknown kind of change. */
export function changeArrangement(before: Arrangement, change: ArrangementChange, shown: ShownSections): Arrangement {
  const apply = Object.hasOwn(CHANGES, change.kind) ? CHANGES[change.kind] : undefined;
  if (!apply) throw new GazetteError('usage', `“${change.kind}” is not a change of an arrangement.`);
  return apply(before, change, shown);
}

function without(arrangement: Arrangement, post: string): Arrangement {
  return {
    ...arrangement,
    pinned: arrangement.pinned.filter(isNot(post)),
    added: arrangement.added.filter(isNot(post)),
    order: arrangement.order.filter(isNot(post)),
    sections: withoutKey(arrangement.sections, post),
  };
}

function withoutKey(sections: Arrangement['sections'], post: string): Arrangement['sections'] {
  return Object.fromEntries(Object.entries(sections).filter(([id]) => id !== post));
}

function withText(before: Arrangement, field: 'introduction' | 'subject', text: string): Arrangement {
  const { [field]: written, ...others } = before;
  if (typeof written === 'object') {
    throw new GazetteError('usage', `The ${field} is written in several languages.`, {
      hint: 'Edit it in the arrangement’s file: a text entered here would replace all of them.',
    });
  }
  // A text that a page cannot show exactly stays as it is in the file, unless the editor changes it.
  if (written !== undefined && formText(written) === text) return before;
  const kept: { readonly [name in typeof field]?: TextByLanguage } = text === '' ? {} : { [field]: text };
  return { ...others, ...kept };
}

function isNot(post: string): (id: string) => boolean {
  return (id) => id !== post;
}

function including(ids: readonly string[], post: string): readonly string[] {
  return ids.includes(post) ? ids : [...ids, post];
}

/** The ids unchanged if the post is not among them or the index is not a place. */
function placed(ids: readonly string[], post: string, index: number): readonly string[] {
  if (!ids.includes(post) || !Number.isInteger(index) || index < 0) return ids;
  const others = ids.filter(isNot(post));
  return [...others.slice(0, index), post, ...others.slice(index)];
}
