import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aNewsletter, aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { typed } from '../support/typed.js';

/** A workspace in which `weekly` has sent one issue, after its file was changed to these newsletters. */
async function withNewsletters(ids: readonly string[]) {
  const deps = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
    renderer: plainRenderer,
  });
  await addReaders(deps, [{}]);
  await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
  const newsletters = new Map(ids.map((id) => [id, aNewsletter({ id })]));
  return openUseCases({ ...deps, newsletters });
}

describe('A newsletter that was renamed in its file', () => {
  it('is named by plan, check and status, with its old id and what to write', async () => {
    const deps = await withNewsletters(['digest']);
    const newsletter = newsletterNamed(deps, 'digest');
    const text = expect.stringContaining('`id: weekly`');
    expect((await deps.issues.plan({ newsletter })).warnings).toContainEqual({
      where: 'digest.yaml, id',
      message: text,
    });
    expect((await deps.issues.check({ newsletter })).findings).toContainEqual(
      expect.objectContaining({ code: 'newsletter.renamed', level: 'warning', message: text }),
    );
    const { questions } = await deps.operate.status();
    expect(questions).toContainEqual({ kind: 'renamed', newsletter: 'digest', text });
    const shown = await typed(deps, ['status']);
    expect(shown).toMatchObject({ code: 4, out: expect.stringContaining('`id: weekly`') });
  });

  it('is not suspected where its id is still there, or where it has issues of its own', async () => {
    const deps = await withNewsletters(['weekly', 'digest']);
    expect((await deps.operate.status()).questions).toEqual([]);
    expect((await deps.issues.check({ newsletter: newsletterNamed(deps, 'digest') })).findings).not.toContainEqual(
      expect.objectContaining({ code: 'newsletter.renamed' }),
    );
  });
});
