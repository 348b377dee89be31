import { expect, it } from 'vitest';
import type { KnownPost, Omission } from '../../src/domain/post.js';
import { checkOmissions } from '../../src/issue/check-omissions.js';
import { aPost } from '../support/builders.js';

const known = (title: string): KnownPost => ({ uid: title, post: aPost({ title, source: 'blog' }) });
const omission = (kind: Omission['kind'], text: string, where: string): Omission => ({ kind, text, where });

it('Links, pictures and keys are told each, other parts of a post once, all with their place', async () => {
  const omissions = [
    omission('link', '{{ a }}', 'posts/x.md:3:1'),
    omission('image', '{{ b }}', 'posts/x.md:4:1'),
    omission('part', '{% c %}', 'posts/x.md:5:1'),
    omission('part', '{% d %}', 'posts/x.md:6:1'),
    omission('key', 'The key “title” is written twice.', 'posts/x.md:2:1'),
  ];
  const sources = new Map([['blog', { omissions: async () => [omissions, []] }]]);
  const findings = await checkOmissions(sources, [known('One'), known('Two')]);
  expect(findings.map(({ code, where }) => `${code} ${where}`)).toEqual([
    'link.dropped posts/x.md:3:1',
    'image.dropped posts/x.md:4:1',
    'post.key posts/x.md:2:1',
    'post.part-dropped posts/x.md:5:1',
  ]);
  expect(findings[3]?.message).toContain('{% c %} and 1 more');
});

it('A source that cannot tell has no findings', async () => {
  expect(await checkOmissions(new Map([['blog', {}]]), [known('One')])).toEqual([]);
});
