import { describe, expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { asWritten } from '../../src/select/resolve-names.js';
import { aContext, addReaders, type ContextOptions, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';

const SUNDAY = new Date('2026-06-14T12:00:00Z');
const MONDAY = new Date('2026-06-15T07:00:00Z');
const FILE = 'weekly/2026-06-15.yaml';

const aNamed = (id: string, day: number, with_: Parameters<typeof aPost>[0] = {}) =>
  aPost({
    keys: { id, path: `${id}.md`, url: `https://blog.example.org/${id}/` },
    title: `Title ${id}`,
    url: `https://blog.example.org/${id}/`,
    publishedAt: new Date(Date.UTC(2026, 5, day, 8)),
    categories: ['chemistry'],
    ...with_,
  });

/** Three posts that are news, and one from long ago. */
function posts() {
  return [aNamed('a', 10), aNamed('b', 11), aNamed('c', 12, { categories: ['software'] }), aNamed('old', 1)];
}

async function arrangedHouse(text: string, wishes: ContextOptions = {}): Promise<TestContext> {
  const deps = await aContext({ posts: posts(), now: SUNDAY, arranged: { [FILE]: text }, ...wishes });
  await addReaders(deps, [{}]);
  return deps;
}

const newsletterOf = (deps: TestContext) => {
  const [newsletter] = deps.newsletters.values();
  if (!newsletter) throw new Error('no newsletter');
  return newsletter;
};
const plan = (deps: TestContext) => deps.issues.plan({ newsletter: newsletterOf(deps) });
const outline = async (deps: TestContext) =>
  (await plan(deps)).sections.map(({ key, posts: titles }) => [key, ...titles]);

async function publish(deps: TestContext, at: Date) {
  deps.clock.set(at);
  return deps.operate.publishDue(newsletterOf(deps));
}

describe('An arranged issue', () => {
  it('is shown as its editor arranged it', async () => {
    const deps = await arrangedHouse(
      'pinned: [c]\norder: [a, b]\nleftOut: [b]\nbroughtIn: [old]\nsections: { c: other }\nsubject: Party!\n',
    );
    expect(await outline(deps)).toEqual([
      ['chemistry', 'Title a', 'Title old'],
      ['other', 'Title c'],
    ]);
    const report = await plan(deps);
    expect(Object.fromEntries(report.posts.map(({ id, reason }) => [id, reason]))).toEqual({
      a: 'news',
      b: 'left-out-by-editor',
      c: 'pinned',
      old: 'brought-in',
    });
    expect(report.arrangement).toEqual({
      file: `content/issues/${FILE}`,
      occurrence: MONDAY,
      introduction: false,
      subject: 'Party!',
      pinned: 1,
      ordered: 2,
      moved: 1,
      leftOut: 1,
      broughtIn: 1,
    });
  });

  it('names posts by any key they have: id, URL or path', async () => {
    const deps = await arrangedHouse('leftOut: [a, https://blog.example.org/b/, c.md]\n');
    expect((await plan(deps)).outcome).toBe('nothing-new');
  });

  it('has its introduction and subject in every language, cleaned, in both parts', async () => {
    const deps = await arrangedHouse(
      [
        'introduction:\n  en: |\n    Good *morning* {{name}}, <script>alert(1)</script>[here](https://x.example.org/) we go.',
        '  de: Guten Morgen.',
        'subject: { en: "Re: Hello {{name}}", de: Hallo }\n',
      ].join('\n'),
      { newsletter: { subject: 'Always {{issue.number}}' } },
    );
    const newsletter = newsletterOf(deps);
    const english = await deps.issues.preview({ newsletter });
    const german = await deps.issues.preview({ newsletter, language: 'de' });
    const french = await deps.issues.preview({ newsletter, language: 'fr' });
    if (english.kind !== 'preview' || german.kind !== 'preview' || french.kind !== 'preview')
      throw new Error('no mail');
    expect(english.subject).toBe('Notes from the Fourth Floor: Re: Hello {{name}}');
    expect(english.html).toContain('Good <em>morning</em> {{name}}, <a href="https://x.example.org/"');
    expect(english.html).not.toContain('alert(1)');
    expect(english.text).toContain('Good morning {{name}}, here');
    expect(german.subject).toBe('Hallo');
    expect(german.text).toContain('Guten Morgen.');
    expect(french.subject).toBe(english.subject);
  });

  it('tells of names that no post has, with their place, and loses nothing', async () => {
    const deps = await arrangedHouse('pinned: [a, nobody]\nsections:\n  ghost: software\n');
    const report = await plan(deps);
    expect(report.warnings).toEqual([
      { where: `content/issues/${FILE}:1:13`, message: 'There is no post “nobody”.' },
      { where: `content/issues/${FILE}:3:3`, message: 'There is no post “ghost”.' },
    ]);
    expect(report.sections.flatMap(({ posts: titles }) => titles)).toHaveLength(3);
  });

  it('is not made while its file is wrong: plan, preview, send and the schedule stop and name the place', async () => {
    const deps = await arrangedHouse('pined: [a]\n');
    const newsletter = newsletterOf(deps);
    await addReaders(deps, [{}]);
    const wrong = { code: 'config.invalid', where: `content/issues/${FILE}:1:1` };
    await expect(plan(deps)).rejects.toMatchObject(wrong);
    await expect(deps.issues.preview({ newsletter })).rejects.toMatchObject(wrong);
    await expect(deps.sending.sendNext({ newsletter, confirm: async () => true })).rejects.toMatchObject(wrong);
    expect(deps.wire.messages).toHaveLength(0);
    expect(await deps.store.ledger.issues()).toEqual([]);
    const [status] = (await deps.operate.status()).newsletters;
    expect(status?.trouble).toContain(`content/issues/${FILE}:1:1: pined: There is no such setting.`);
  });

  it('loses its approval with its words or its order, and says which', async () => {
    const deps = await arrangedHouse('subject: One\n', { newsletter: { approval: { kind: 'required' } } });
    const newsletter = newsletterOf(deps);
    const file = `${ROOT}/content/issues/${FILE}`;
    const approve = () => deps.approval.answer(newsletter, { verdict: 'approved', by: 'Group Office' });
    const changed = async (text: string) => {
      await approve();
      await deps.live.write(file, text);
      const { state, changed: parts } = await deps.approval.read(newsletter);
      return [state, ...parts.map(({ part }) => part)];
    };
    await publish(deps, SUNDAY);
    expect(await changed('subject: { en: One, de: Eins }\n')).toEqual(['void', 'words']);
    expect(await changed('subject: { en: One, de: Eins }\norder: [a]\n')).toEqual(['void', 'order']);
    expect(await changed('# A note.\nsubject: { en: One, de: Eins }\norder: [a]\n')).toEqual(['approved']);
  });
});

describe('An arrangement', () => {
  const INTRODUCED = 'introduction: Good morning.\nsubject: Party!\nleftOut: [b]\n';

  async function lastMail(deps: TestContext): Promise<string> {
    const content = deps.wire.messages.at(-1)?.content ?? [];
    return Buffer.concat(content).toString('utf8');
  }

  it('serves the issue of its occurrence, and the issue remembers which it was', async () => {
    const deps = await arrangedHouse(INTRODUCED);
    await publish(deps, SUNDAY);
    const report = await publish(deps, MONDAY);
    if (report.kind !== 'frozen') throw new Error(report.kind);
    expect(report.issue.arrangement).toMatchObject({ stem: '2026-06-15' });
    expect(report.issue.posts.map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('goes with an issue sent by hand before its occurrence, and does not serve again', async () => {
    const deps = await arrangedHouse(INTRODUCED);
    const newsletter = newsletterOf(deps);
    await addReaders(deps, [{}]);
    await publish(deps, SUNDAY);
    await deps.sending.sendNext({ newsletter, confirm: async () => true });
    expect(await lastMail(deps)).toMatch(/^Subject: Party!\r$/m);
    expect(await lastMail(deps)).toContain('Good morning.');

    deps.source.posts = [...deps.source.posts, aNamed('d', 14, { publishedAt: new Date('2026-06-14T13:00:00Z') })];
    deps.clock.set(new Date('2026-06-14T14:00:00Z'));
    expect((await plan(deps)).arrangement).toMatchObject({ usedBy: 1, introduction: false });
    const report = await publish(deps, MONDAY);
    if (report.kind !== 'frozen') throw new Error(report.kind);
    expect(report.issue).not.toHaveProperty('arrangement');
    expect(report.issue.posts.map(({ id }) => id)).toEqual(['d']);
  });

  it('serves once more when it was changed since', async () => {
    const deps = await arrangedHouse(INTRODUCED);
    const newsletter = newsletterOf(deps);
    await addReaders(deps, [{}]);
    await publish(deps, SUNDAY);
    await deps.sending.sendNext({ newsletter, confirm: async () => true });
    deps.source.posts = [...deps.source.posts, aNamed('d', 14, { publishedAt: new Date('2026-06-14T13:00:00Z') })];
    deps.clock.set(new Date('2026-06-14T14:00:00Z'));
    await deps.live.write(`${ROOT}/content/issues/weekly/2026-06-15.yaml`, 'subject: Only one\n');
    expect((await plan(deps)).arrangement).toMatchObject({ subject: 'Only one', introduction: false });
    const report = await publish(deps, MONDAY);
    if (report.kind !== 'frozen') throw new Error(report.kind);
    expect(report.issue.arrangement).toMatchObject({ stem: '2026-06-15' });
  });

  it('serves again when the issue that had it was cancelled before its first message', async () => {
    const deps = await arrangedHouse(INTRODUCED);
    const newsletter = newsletterOf(deps);
    const frozen = await deps.issues.freezeNext({ newsletter, confirm: async () => true });
    if (!('issue' in frozen)) throw new Error(frozen.kind);
    deps.clock.set(new Date('2026-06-14T14:00:00Z'));
    expect((await plan(deps)).arrangement).toMatchObject({ usedBy: 1 });
    await deps.store.ledger.cancel(frozen.issue.id, deps.clock.now());
    expect((await plan(deps)).arrangement).toMatchObject({ subject: 'Party!' });
  });

  it('of a missed occurrence goes with the issue that catches up on it', async () => {
    const news = aNamed('d', 14, { publishedAt: new Date('2026-06-14T13:00:00Z') });
    const deps = await arrangedHouse(INTRODUCED, { newsletter: { schedule: '0 8 * * *' }, posts: [news] });
    await publish(deps, SUNDAY);
    const report = await publish(deps, new Date('2026-06-16T08:00:00Z'));
    if (report.kind !== 'frozen') throw new Error(report.kind);
    expect(report.issue).toMatchObject({
      arrangement: { stem: '2026-06-15' },
      occurrence: new Date('2026-06-16T07:00:00Z'),
    });
  });

  it('of a missed occurrence is what is approved of the issue that catches up on it', async () => {
    const news = aNamed('d', 14, { publishedAt: new Date('2026-06-14T13:00:00Z') });
    const wishes: Partial<Newsletter> = { schedule: '0 8 * * *', approval: { kind: 'required' } };
    const deps = await arrangedHouse(INTRODUCED, { newsletter: wishes, posts: [news] });
    await publish(deps, SUNDAY);
    const later = new Date('2026-06-16T08:00:00Z');
    expect(await publish(deps, later)).toMatchObject({ kind: 'waiting', for: 'approval' });
    expect((await plan(deps)).arrangement).toMatchObject({ subject: 'Party!' });
    await deps.approval.answer(newsletterOf(deps), { verdict: 'approved', by: 'Group Office' });
    expect(await publish(deps, later)).toMatchObject({
      kind: 'frozen',
      issue: { arrangement: { stem: '2026-06-15' } },
    });
  });

  it('can be written back with its posts named as its author named them', async () => {
    const deps = await arrangedHouse('pinned: [a.md, https://blog.example.org/b/, c]\nsections: { a.md: software }\n');
    const newsletter = newsletterOf(deps);
    await deps.issues.collect(newsletter);
    const target = { occurrence: MONDAY, cutoff: SUNDAY, manual: false };
    const { compose, arrangement } = await deps.issues.drafts.draft(newsletter, target);
    expect(compose.arrangement).toMatchObject({ pinned: ['a', 'b', 'c'], sections: { a: 'software' } });
    const unpinned = { ...compose.arrangement, pinned: ['c', 'a', 'new'] };
    expect(asWritten(unpinned, arrangement?.names ?? new Map())).toMatchObject({
      pinned: ['c', 'a.md', 'new'],
      sections: { 'a.md': 'software' },
    });
  });

  it('is asked for again when it changed while an editor was looking', async () => {
    const deps = await arrangedHouse('subject: One\n');
    const subjects: (string | undefined)[] = [];
    const newsletter = newsletterOf(deps);
    await addReaders(deps, [{}]);
    const confirm = async ({ arrangement }: { arrangement?: { subject?: string } }) => {
      subjects.push(arrangement?.subject);
      if (subjects.length > 1) return true;
      await deps.live.write(`${ROOT}/content/issues/${FILE}`, 'subject: Two\n');
      // What another process records makes the first selection stale.
      await deps.store.ledger.unsettle(newsletter.id);
      return true;
    };
    await deps.sending.sendNext({ newsletter, confirm });
    expect(subjects).toEqual(['One', 'Two']);
  });
});
