import { describe, expect, it } from 'vitest';
import { newsletterNamed } from '../../src/app-context.js';
import type { ArrangementChange } from '../../src/studio/change-arrangement.js';
import { issuePage } from '../../src/studio/pages/issue.js';
import { addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { aStudio } from '../support/studio.js';

const FILE = 'weekly/2026-06-15.yaml';

function postNamed(id: string, publishedAt = '2026-06-12T08:00:00Z') {
  const keys = { id, path: `${id}.md`, url: `https://blog.example.org/${id}/` };
  return aPost({ keys, publishedAt: new Date(publishedAt) });
}

async function arrangedStudio(text: string) {
  const studio = await aStudio({
    posts: ['a', 'b'].map((id) => postNamed(id)),
    now: new Date('2026-06-14T12:00:00Z'),
    arranged: { [FILE]: text },
  });
  const change = async (fields: Partial<ArrangementChange>) => {
    const { version } = (await studio.view(issuePage)).arrangement;
    const none = { kind: '', post: '', section: '', place: '', text: '', version };
    return studio.studio.arrangement.change('weekly', { ...none, ...fields });
  };
  return { ...studio, change };
}

describe('Arranging an issue in the studio', () => {
  it('finds a post by its id under any name its file uses, and leaves other names unchanged', async () => {
    const { change, arrangement } = await arrangedStudio('# By hand.\npinned: [https://blog.example.org/b/, a.md]\n');
    await change({ kind: 'unpin', post: 'a' });
    expect(await arrangement()).toBe('# By hand.\npinned: [https://blog.example.org/b/]\n');
    await change({ kind: 'exclude', post: 'b' });
    expect(await arrangement()).toBe('# By hand.\nleftOut:\n  - https://blog.example.org/b/\n');
  });

  it('does not offer to swap a pinned post with one that is not', async () => {
    const { view } = await arrangedStudio('pinned: [b]\n');
    const { sections } = await view(issuePage);
    expect(sections[0]?.posts.map(({ id, up, down }) => [id, up, down])).toEqual([
      ['b', null, null],
      ['a', null, null],
    ]);
  });

  it('reports a broken file once, and not also as an unknown post', async () => {
    const { deps, refresh, view } = await arrangedStudio('pinned: [c.md, d.md]\n');
    const message = 'The front matter cannot be read.';
    deps.source.broken = [{ source: 'blog', keys: { path: 'c.md' }, where: 'posts/c.md:1:1', message }];
    await refresh();
    const { problems } = await view(issuePage);
    expect(problems.map((problem) => problem.message)).toEqual([message, 'There is no post “d.md”.']);
  });

  it('starts a new arrangement after an issue sent by hand has used the present one', async () => {
    const { deps, live, refresh, view, change, arrangement } = await arrangedStudio(
      'introduction: Good morning.\npinned: [b]\n',
    );
    await addReaders(deps, [{}]);
    await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
    deps.source.posts = [...deps.source.posts, postNamed('c', '2026-06-14T11:00:00Z')];
    await refresh();
    expect((await view(issuePage)).arrangement).toMatchObject({ usedBy: 1, introduction: '' });
    await change({ kind: 'pin', post: 'c' });
    expect(await arrangement()).toBe('pinned: [c]\n');
    const next = await live.issue('weekly');
    expect(next.draft.arrangement?.usedBy).toBeUndefined();
    expect(next.planned.full.sections[0]?.posts.map(({ id }) => id)).toEqual(['c']);
  });

  it('is refused if the file was edited since the page was loaded', async () => {
    const { deps, view, change, arrangement } = await arrangedStudio('pinned: [a]\n');
    const { version } = (await view(issuePage)).arrangement;
    await deps.live.write(`${ROOT}/content/issues/${FILE}`, 'pinned: [b]\n');
    await expect(change({ kind: 'unpin', post: 'a', version })).rejects.toMatchObject({ code: 'config.changed' });
    expect(await arrangement()).toBe('pinned: [b]\n');
  });
});
