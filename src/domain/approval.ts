/** What an approval covers, part by part, so that a later edit is found and named (rule: approval). Pure. */

/** Hashes of what an editor was shown. Readers and their preferences are not part of it, so they never void an answer. */
export interface ApprovedParts {
  /** The posts in the issue, in any order. */
  readonly posts: readonly ApprovedPost[];
  readonly order: string;
  /** All text around the posts: title, subject, introduction, headings, postal address. */
  readonly words: string;
  readonly sender: string;
  readonly theme: string;
}

export interface ApprovedPost {
  readonly uid: string;
  readonly title: string;
  readonly hash: string;
}

export interface ApprovalChange {
  readonly part: keyof ApprovedParts;
  /** For people: `the post “Autumn term” was edited`. */
  readonly text: string;
}

/** What has changed; empty when the answer still holds. */
export function changesSince(approved: ApprovedParts, present: ApprovedParts): readonly ApprovalChange[] {
  const posts = postChanges(approved.posts, present.posts);
  const isSameSet = approved.posts.length === present.posts.length && posts.every(({ was }) => was === 'edited');
  return [
    ...posts.map(({ title, was }): ApprovalChange => ({ part: 'posts', text: `the post “${title}” ${WAS[was]}` })),
    // With other posts, the order differs in any case.
    ...(isSameSet && approved.order !== present.order ? [ORDER] : []),
    ...REST.filter(({ part }) => approved[part] !== present[part]),
  ];
}

const ORDER: ApprovalChange = { part: 'order', text: 'the order of the posts was changed' };
const REST: readonly ApprovalChange[] = [
  { part: 'words', text: 'the text around the posts was changed' },
  { part: 'sender', text: 'the sender was changed' },
  { part: 'theme', text: 'the theme was changed' },
];
const WAS = { edited: 'was edited', gone: 'was removed', added: 'was added' } as const;

interface PostChange {
  readonly title: string;
  readonly was: keyof typeof WAS;
}

function postChanges(before: readonly ApprovedPost[], after: readonly ApprovedPost[]): readonly PostChange[] {
  const present = new Map(after.map((post) => [post.uid, post]));
  const known = new Set(before.map(({ uid }) => uid));
  const old = before.flatMap(({ uid, title, hash }): PostChange[] => {
    const now = present.get(uid);
    if (!now) return [{ title, was: 'gone' }];
    return now.hash === hash ? [] : [{ title: now.title, was: 'edited' }];
  });
  const added = after.filter(({ uid }) => !known.has(uid));
  return [...old, ...added.map(({ title }): PostChange => ({ title, was: 'added' }))];
}

/** Changes as one line for people. */
export function changesText(changes: readonly ApprovalChange[]): string {
  return changes.map(({ text }) => text).join('; ');
}
