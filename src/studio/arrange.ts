/** One wish of an editor at a time, worked into an arrangement. Pure: what it makes is written by `arrangeOnDesk`. */
import type { Arrangement, TextByLanguage } from '../domain/arrangement.js';
import { GazetteError } from '../domain/errors.js';
import { formText } from '../domain/form-text.js';

/** What an editor asks for; fields a kind does not need are empty. */
export interface ArrangeWish {
  readonly kind: string;
  /** A post's public id. */
  readonly post: string;
  /** A section's key. */
  readonly section: string;
  /** Where it is to stand among its like, pinned or not, in its section: from 1. */
  readonly place: string;
  readonly text: string;
  /** Of the file the editor has seen; empty where there was none. */
  readonly version: string;
}

/** The issue as the editor sees it: ids by section, in order. */
export type Shown = ReadonlyMap<string, readonly string[]>;

type Change = (before: Arrangement, wish: ArrangeWish, shown: Shown) => Arrangement;

const CHANGES: { readonly [kind: string]: Change } = {
  'leave-out': (before, { post }) => ({ ...without(before, post), leftOut: including(before.leftOut, post) }),
  /** What was brought in is brought in no more. */
  'take-out': (before, { post }) => without(before, post),
  'put-back': (before, { post }) => ({ ...before, leftOut: before.leftOut.filter(isNot(post)) }),
  'bring-in': (before, { post }) => ({
    ...before,
    leftOut: before.leftOut.filter(isNot(post)),
    broughtIn: including(before.broughtIn, post),
  }),
  pin: (before, { post }) => ({
    ...before,
    leftOut: before.leftOut.filter(isNot(post)),
    pinned: including(before.pinned, post),
  }),
  unpin: (before, { post }) => ({ ...before, pinned: before.pinned.filter(isNot(post)) }),
  place: (before, { post, place, section }, shown) => {
    const isPinned = (id: string) => before.pinned.includes(id);
    // Pinned posts stand first whatever the order says.
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
  home: (before, { post }) => ({ ...before, sections: withoutKey(before.sections, post) }),
  introduce: (before, { text }) => withText(before, 'introduction', text),
  subject: (before, { text }) => withText(before, 'subject', text),
};

/** Works a wish in. Throws `usage` for one that is not known. */
export function arrange(before: Arrangement, wish: ArrangeWish, shown: Shown): Arrangement {
  const change = Object.hasOwn(CHANGES, wish.kind) ? CHANGES[wish.kind] : undefined;
  if (!change) throw new GazetteError('usage', `An issue cannot be arranged by “${wish.kind}”.`);
  return change(before, wish, shown);
}

function without(arrangement: Arrangement, post: string): Arrangement {
  return {
    ...arrangement,
    pinned: arrangement.pinned.filter(isNot(post)),
    broughtIn: arrangement.broughtIn.filter(isNot(post)),
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
    throw new GazetteError('usage', `The ${field} is written for several languages.`, {
      hint: 'Change it in the file of the arrangement: one word here would take the place of all of them.',
    });
  }
  // What a page cannot show exactly stays as the file has it while the editor leaves it as it was shown.
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

/** As it was where the post is not among them, or the place is none. */
function placed(ids: readonly string[], post: string, index: number): readonly string[] {
  if (!ids.includes(post) || !Number.isInteger(index) || index < 0) return ids;
  const others = ids.filter(isNot(post));
  return [...others.slice(0, index), post, ...others.slice(index)];
}
