/** What the commands on an issue say to do next can be typed as it is, whatever the workspace. */

import { beforeEach, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import type { Outcome } from '../../src/domain/reply.js';
import { ACCEPTED, aContext, addReaders, handSource, type TestContext } from '../support/app-context.js';
import { aNewsletter, aPost } from '../support/builders.js';
import { typed } from '../support/typed.js';

const REFUSED: Outcome = { kind: 'rejected', scope: 'sender', bounce: 'none', reply: { code: 550, text: '550 no' } };
const UNKNOWN: Outcome = { kind: 'unknown', reply: { text: 'no answer after the final dot' } };

let deps: TestContext;

beforeEach(async () => {
  const built = await aContext({ posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })] });
  const monthly = aNewsletter({ id: 'monthly' });
  deps = openUseCases({ ...built, newsletters: new Map([...built.newsletters, [monthly.id, monthly]]) });
  await addReaders(
    deps,
    Array.from({ length: 60 }, () => ({})),
  );
});

const run = (argv: readonly string[]) => typed(deps, argv);

async function sendWith(answer: TestContext['wire']['answer']): Promise<void> {
  deps.wire.answer = answer;
  const newsletter = deps.newsletters.get('weekly') as never;
  await deps.sending.sendNext({ newsletter, confirm: async () => true });
}

it('names the newsletter in every command it advises', async () => {
  await sendWith((_, nth) => (nth === 1 ? UNKNOWN : REFUSED));
  const said = [
    await run(['issue', 'verify', '1', '--newsletter', 'weekly']),
    await run(['issue', 'show', '1', '--newsletter', 'weekly']),
    await run(['issue', 'pause', '1', '--newsletter', 'weekly']),
    await run(['issue', 'resume', '1', '--newsletter', 'weekly']),
  ];
  const [first] = deps.wire.messages;
  deps.wire.answer = ({ envelope }) => (envelope.to === first?.envelope.to ? UNKNOWN : ACCEPTED);
  said.push(await run(['issue', 'resume', '1', '--newsletter', 'weekly']));
  const advised = said.flatMap(({ out }) => out.match(/`gazette issue [^`]+`/g) ?? []);
  expect(new Set(advised)).toEqual(
    new Set([
      '`gazette issue resume 1 --newsletter weekly`',
      '`gazette issue resend 1 --newsletter weekly --only unknown`',
    ]),
  );
});

it('says of an issue that was cancelled under way who is left out, and advises nothing that is refused', async () => {
  await sendWith(() => REFUSED);
  deps.wire.answer = async (_, nth) => {
    if (nth === 4) await deps.issues.cancel(newsletterNamed(deps, 'weekly'), 1);
    return nth === 4 ? UNKNOWN : ACCEPTED;
  };
  const { code, out } = await run(['issue', 'resume', '1', '--newsletter', 'weekly']);
  expect(code).toBe(4);
  expect(out).toContain('Stopped: the issue was cancelled. Readers who had not got it yet were skipped.');
  const verified = await run(['issue', 'verify', '1', '--newsletter', 'weekly']);
  for (const text of [out, verified.out]) {
    expect(text).toMatch(/, 1 unknown.*\nThe outcome of 1 is unknown\.\n/s);
    expect(text).not.toContain('gazette issue re');
  }
});

it('says of an issue that was paused under way how to go on, and does not count on the service', async () => {
  await sendWith(() => REFUSED);
  deps.wire.answer = async (_, nth) => {
    if (nth === 10) await deps.sending.pause(newsletterNamed(deps, 'weekly'), 1);
    return { kind: 'deferred', scope: 'recipient', reply: { code: 450, text: '450 later' } };
  };
  const { out } = await run(['issue', 'resume', '1', '--newsletter', 'weekly']);
  expect(out).toContain(
    'Stopped: the issue was paused. No reader was skipped; `gazette issue resume 1 --newsletter weekly` continues.',
  );
  expect(out).not.toContain('gazette serve');
});

it('takes the newsletter after the number as well, and prints no control characters of file names', async () => {
  await sendWith(() => ACCEPTED);
  expect(await run(['issue', 'show', '1', 'weekly'])).toMatchObject({ code: 0 });
  expect(await run(['issue', 'show', '1', 'monthly'])).toMatchObject({ code: 1 });
  const where = 'posts/a\u001b[31mred.md:2:1';
  const source = handSource([]);
  source.broken = [{ source: 'blog', keys: { path: 'a' }, where, message: 'It is broken.' }];
  deps = openUseCases({ ...deps, sources: new Map([[source.name, source]]) });
  const { out } = await run(['plan', 'weekly', '--explain']);
  expect(out).toContain('red.md');
  expect(out).not.toContain('\u001b');
});
