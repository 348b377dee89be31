/** Findings about what was not selected: broken files, failed sources, unknown categories. Pure. */
import { movedTo } from '../domain/arrangement.js';
import { categoryKey, OTHER, sectionsOf } from '../domain/category.js';
import { acceptCommand, suspicionPlace } from '../domain/collecting.js';
import type { Edition } from '../domain/edition.js';
import { type Finding, findingOf } from '../domain/finding.js';
import type { Places } from '../domain/ports/content.js';
import { groupedByFault, publicId } from '../domain/post.js';
import { unknownPosts } from './arrangement.js';
import { type CollectReport, sourceNoteText, suspicionText } from './collect.js';
import type { Draft } from './draft.js';

/** An issue that was composed, with what its posts were collected from. */
export interface ComposedDraft {
  readonly draft: Draft;
  readonly editions: AsyncIterable<Edition>;
  readonly collected: Collected;
}

type Collected = Pick<CollectReport, 'broken' | 'failed' | 'suspicions' | 'notes'>;

export function checkSelection(
  { draft, collected }: Omit<ComposedDraft, 'editions'>,
  places: Places,
): readonly Finding[] {
  return [
    ...failedSources(collected),
    ...suspiciousSources(collected),
    ...sourceNotes(collected),
    ...unknownNames(draft, collected),
    ...brokenPosts(draft, collected),
    ...clashingPosts(draft, places),
    ...expiredPosts(draft, places),
    ...(unmatchedCategories(draft, places) ?? unknownCategories(draft, places)),
  ];
}

function failedSources({ failed }: Collected): readonly Finding[] {
  return failed.map(({ source, error }) => {
    const message = `The source “${source}” could not be read, so the issue is without it: ${error.message}`;
    return findingOf('source.failed', { message, fix: error.hint, where: `content/sources.yaml, ${source}` });
  });
}

function suspiciousSources({ suspicions }: Collected): readonly Finding[] {
  return suspicions.map((suspicion) =>
    findingOf('source.suspicious', {
      message: suspicionText(suspicion),
      fix: `If the posts are really gone, run \`${acceptCommand(suspicion.source)}\`; else look why the source does not list them.`,
      where: `content/sources.yaml, ${suspicion.source}`,
    }),
  );
}

const FIXES = {
  undated: 'Give a post a `date`; a page needs none.',
  format: 'Posts are read from Markdown files.',
} as const;

function sourceNotes({ notes }: Collected): readonly Finding[] {
  return notes.map((note) =>
    findingOf(`source.${note.kind}`, {
      message: sourceNoteText(note),
      fix: note.kind === 'reading' ? note.fix : FIXES[note.kind],
      where: `content/sources.yaml, ${note.source}`,
    }),
  );
}

function unknownNames(draft: Draft, collected: Collected): readonly Finding[] {
  return unknownPosts(draft, collected).map(({ where, message }) =>
    findingOf('arrangement.unknown', { message, fix: 'Write its id, its URL or its path, or take it out.', where }),
  );
}

function brokenPosts({ selection }: Draft, { broken }: Collected): readonly Finding[] {
  // What a suspicious source does not list is told of the source.
  const known = selection.verdicts.flatMap(({ known: { post, broken: trouble } }) =>
    trouble && trouble.where !== suspicionPlace(post.source) ? [trouble] : [],
  );
  const byPlace = new Map([...known, ...broken].map(({ where, message }) => [where, message]));
  return groupedByFault([...byPlace].map(([where, message]) => ({ where, message }))).map(({ where, message, count }) =>
    findingOf('post.broken', {
      message:
        count === 1
          ? `A post is left out, since it cannot be read: ${message}`
          : `${count} posts are left out, since they cannot be read. One of them: ${message}`,
      fix: count === 1 ? 'Fix the file at that place.' : 'Fix the files; `gazette plan --explain` lists them.',
      where,
    }),
  );
}

function clashingPosts({ selection }: Draft, places: Places): readonly Finding[] {
  return selection.verdicts.flatMap(({ reason, known: { post, broken } }) =>
    reason.kind !== 'broken' || broken
      ? []
      : findingOf('post.clash', {
          message: `“${post.title}” is left out: ${reason.message}`,
          fix: 'Give each post its own id and address.',
          where: places.post(post),
          post: publicId(post.keys),
        }),
  );
}

/** Posts that would have been news, had they not ended first. */
function expiredPosts({ selection, window }: Draft, places: Places): readonly Finding[] {
  return selection.verdicts
    .filter(({ reason, known }) => reason.kind === 'expired' && known.post.publishedAt > window.since)
    .map(({ known: { post } }) =>
      findingOf('post.expired', {
        message: `“${post.title}” is left out: it expired on ${post.expiresAt?.toISOString().slice(0, 10)}, before this issue.`,
        fix: 'Move its expiry, if readers should still get it.',
        where: places.post(post),
        post: publicId(post.keys),
      }),
    );
}

/** With fewer posts, what they name is told of each of them. */
const FEW_POSTS = 3;

/** A newsletter whose categories no post has: its source probably names categories under another key. */
function unmatchedCategories({ newsletter, selection }: Draft, places: Places): readonly Finding[] | undefined {
  const { id, categories } = newsletter;
  const posts = selection.verdicts.flatMap(({ known: { post, broken } }) => (broken || post.draft ? [] : [post]));
  const isMatched = posts.some((post) => sectionsOf(post.categories, categories)[0] !== OTHER);
  if (categories.length === 0 || posts.length < FEW_POSTS || isMatched) return undefined;
  const used = new Map<string, number>();
  for (const name of posts.flatMap((post) => post.categories)) used.set(name, (used.get(name) ?? 0) + 1);
  const [...most] = [...used].sort(([, one], [, other]) => other - one).slice(0, 5);
  const have =
    most.length === 0
      ? 'Its posts name none.'
      : `Its posts name ${most.map(([name, count]) => `“${name}” (${count})`).join(', ')}.`;
  return [
    findingOf('category.unmatched', {
      message: `No post is in any category of this newsletter. ${have}`,
      fix: 'Name the categories as the posts do, or set `categoriesFrom` of the source to the keys of front matter that hold them.',
      where: places.setting(id, 'categories'),
    }),
  ];
}

/** One finding a spelling: a category that many posts have is one line in the settings. */
function unknownCategories({ newsletter, selection, compose }: Draft, places: Places): readonly Finding[] {
  const { id, categories } = newsletter;
  if (categories.length === 0) return [];
  const spellings = new Map<string, { readonly spelling: string; readonly titles: string[] }>();
  for (const { post } of selection.chosen) {
    const own = sectionsOf(post.categories, categories)[0];
    if ((movedTo(compose.arrangement, publicId(post.keys)) ?? own) !== OTHER) continue;
    for (const spelling of post.categories) {
      const key = categoryKey(spelling);
      if (key === OTHER) continue;
      const known = spellings.get(key) ?? { spelling, titles: [] };
      known.titles.push(post.title);
      spellings.set(key, known);
    }
  }
  return [...spellings.values()].map(({ spelling, titles: [first, ...more] }) => {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return findingOf('post.other', {
      message: `“${first}”${others} comes under “Other”: “${spelling}” is not a category of this newsletter.`,
      fix: `Add “${spelling}” to its categories, or to \`also\` of one of them.`,
      where: places.setting(id, 'categories'),
    });
  });
}
