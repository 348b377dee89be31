import { describe, expect, it, onTestFinished } from 'vitest';
import { newsletterNamed } from '../../src/app-context.js';
import { openStudioActs } from '../../src/studio/actions.js';
import type { ArrangeWish } from '../../src/studio/arrange.js';
import type { StudioContext } from '../../src/studio/context.js';
import { openLiveDraft } from '../../src/studio/live-draft.js';
import { issuePage } from '../../src/studio/show-issue.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';

const FILE = 'weekly/2026-06-15.yaml';

function aNamed(id: string, publishedAt = '2026-06-12T08:00:00Z') {
  const keys = { id, path: `${id}.md`, url: `https://blog.example.org/${id}/` };
  return aPost({ keys, publishedAt: new Date(publishedAt) });
}

async function aDesk(text: string) {
  const posts = ['a', 'b'].map((id) => aNamed(id));
  const deps = await aContext({ posts, now: new Date('2026-06-14T12:00:00Z'), arranged: { [FILE]: text } });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const tools = { watch: async () => undefined, root: ROOT, templates: [], signal: stop.signal };
  const live = await openLiveDraft({ ...tools, openContext: async () => deps });
  const acts = openStudioActs({ live } as unknown as StudioContext);
  const wish = async (with_: Partial<ArrangeWish>) => {
    const version = (await live.issue('weekly')).written?.version ?? '';
    return acts.arrange('weekly', { kind: '', post: '', section: '', place: '', text: '', version, ...with_ });
  };
  const read = async () => {
    const bytes = await deps.live.read(`${ROOT}/content/issues/${FILE}`);
    return bytes && new TextDecoder().decode(bytes);
  };
  return { deps, live, wish, read };
}

describe('Arranging on the desk', () => {
  it('finds a post by its id whatever its author called it in the file, and leaves the other names alone', async () => {
    const { wish, read } = await aDesk('# By hand.\npinned: [https://blog.example.org/b/, a.md]\n');
    await wish({ kind: 'unpin', post: 'a' });
    expect(await read()).toBe('# By hand.\npinned: [https://blog.example.org/b/]\n');
    await wish({ kind: 'leave-out', post: 'b' });
    expect(await read()).toBe('# By hand.\nleftOut:\n  - https://blog.example.org/b/\n');
  });

  it('offers no change of places between a pinned post and one that is not', async () => {
    const { live } = await aDesk('pinned: [b]\n');
    const { sections } = await issuePage(live, await live.issue('weekly'));
    expect(sections[0]?.posts.map(({ id, up, down }) => [id, up, down])).toEqual([
      ['b', null, null],
      ['a', null, null],
    ]);
  });

  it('tells of a file that is broken, and not that its post is unknown as well', async () => {
    const { deps, live } = await aDesk('pinned: [c.md, d.md]\n');
    const message = 'The front matter cannot be read.';
    deps.source.broken = [{ source: 'blog', keys: { path: 'c.md' }, where: 'posts/c.md:1:1', message }];
    await live.refresh();
    const { problems } = await issuePage(live, await live.issue('weekly'));
    expect(problems.map((problem) => problem.message)).toEqual([message, 'There is no post “d.md”.']);
  });

  it('begins afresh when an issue sent by hand has had what was arranged', async () => {
    const { deps, live, wish, read } = await aDesk('introduction: Good morning.\npinned: [b]\n');
    await addReaders(deps, [{}]);
    await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
    deps.source.posts = [...deps.source.posts, aNamed('c', '2026-06-14T11:00:00Z')];
    await live.refresh();
    expect((await live.issue('weekly')).draft.arrangement).toMatchObject({ usedBy: 1 });
    await wish({ kind: 'pin', post: 'c' });
    expect(await read()).toBe('pinned: [c]\n');
    const next = await live.issue('weekly');
    expect(next.draft.arrangement?.usedBy).toBeUndefined();
    expect(next.full?.digest.sections[0]?.posts.map(({ id }) => id)).toEqual(['c']);
  });

  it('is refused when somebody edited the file since the editor looked', async () => {
    const { deps, live, wish, read } = await aDesk('pinned: [a]\n');
    const seen = (await live.issue('weekly')).written?.version ?? '';
    await deps.live.write(`${ROOT}/content/issues/${FILE}`, 'pinned: [b]\n');
    await expect(wish({ kind: 'unpin', post: 'a', version: seen })).rejects.toMatchObject({ code: 'config.changed' });
    expect(await read()).toBe('pinned: [b]\n');
  });
});
