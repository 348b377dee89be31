/** Tells what readers of an issue do not see of its posts, although their authors wrote it. */
import { type Finding, findingOf } from '../domain/finding.js';
import type { Source } from '../domain/ports/content.js';
import { type KnownPost, type Omission, publicId } from '../domain/post.js';

/** @param posts those an issue carries. A source that cannot be read now has no findings: that is told elsewhere */
export async function checkOmissions(
  sources: ReadonlyMap<string, Pick<Source, 'omissions'>>,
  posts: readonly KnownPost[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of new Set(posts.map(({ post }) => post.source))) {
    const mine = posts.filter(({ post }) => post.source === name);
    const omissions = (await sources.get(name)?.omissions?.(mine.map(({ post }) => post))) ?? [];
    mine.forEach((known, index) => {
      findings.push(...findingsOn(known, omissions[index] ?? []));
    });
  }
  return findings;
}

function findingsOn({ post }: KnownPost, omissions: readonly Omission[]): readonly Finding[] {
  const about = { post: publicId(post.keys) };
  const of = (kind: Omission['kind']) => omissions.filter((each) => each.kind === kind);
  const [part, ...otherParts] = of('part');
  return [
    ...of('link').map(({ text, where }) =>
      findingOf('link.dropped', {
        message: `“${post.title}” has a link whose address is not known, so only its words are shown: ${text}`,
        fix: 'Write the address itself.',
        ...about,
        where,
      }),
    ),
    ...of('image').map(({ text, where }) =>
      findingOf('image.dropped', {
        message: `“${post.title}” has a picture whose address is not known, so it is left out: ${text}`,
        fix: 'Write the address itself.',
        ...about,
        where,
      }),
    ),
    ...of('key').map(({ text, where }) =>
      findingOf('post.key', {
        message: `“${post.title}”: ${text}`,
        fix: 'Keep the key that is meant.',
        ...about,
        where,
      }),
    ),
    ...(part === undefined
      ? []
      : [
          findingOf('post.part-dropped', {
            message: `“${post.title}” is shown without what no mail can show: ${part.text}${otherParts.length === 0 ? '' : ` and ${otherParts.length} more`}`,
            fix: 'Look at the preview: readers see the whole post on its page.',
            ...about,
            where: part.where,
          }),
        ]),
  ];
}
