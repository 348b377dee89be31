/** What the commands on an issue say to do next can be typed as it is, whatever the workspace. */
import { beforeEach, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/reply.js';
import { openFlows } from '../../src/flows/index.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { aNewsletter, aPost } from '../support/builders.js';
import { ACCEPTED, addReaders, aHouse, type TestHouse } from '../support/house.js';
import { typed } from '../support/typed.js';

const REFUSED: Outcome = { kind: 'rejected', scope: 'sender', bounce: 'none', reply: { code: 550, text: '550 no' } };
const UNKNOWN: Outcome = { kind: 'unknown', reply: { text: 'no answer after the final dot' } };

let house: TestHouse;

beforeEach(async () => {
  const built = await aHouse({ posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })] });
  const monthly = aNewsletter({ id: 'monthly' });
  house = { ...built, newsletters: new Map([...built.newsletters, [monthly.id, monthly]]) };
  await addReaders(
    house,
    Array.from({ length: 60 }, () => ({})),
  );
});

const run = (argv: readonly string[]) => typed(house, argv);

async function sendWith(answer: TestHouse['wire']['answer']): Promise<void> {
  house.wire.answer = answer;
  const newsletter = house.newsletters.get('weekly') as never;
  await sendIssue(house, { newsletter, confirm: async () => true });
}

it('names the newsletter in every command it advises', async () => {
  await sendWith((_, nth) => (nth === 1 ? UNKNOWN : REFUSED));
  const said = [
    await run(['issue', 'verify', '1', '--newsletter', 'weekly']),
    await run(['issue', 'show', '1', '--newsletter', 'weekly']),
    await run(['issue', 'pause', '1', '--newsletter', 'weekly']),
    await run(['issue', 'resume', '1', '--newsletter', 'weekly']),
  ];
  house.wire.answer = () => UNKNOWN;
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
  house.wire.answer = async (_, nth) => {
    if (nth === 4) await openFlows(house).cancelIssue({ newsletter: 'weekly', number: 1 });
    return nth === 4 ? UNKNOWN : ACCEPTED;
  };
  const { code, out } = await run(['issue', 'resume', '1', '--newsletter', 'weekly']);
  expect(code).toBe(4);
  expect(out).toContain('Stopped: the issue was cancelled. Who had not got it by then was skipped.');
  const verified = await run(['issue', 'verify', '1', '--newsletter', 'weekly']);
  for (const text of [out, verified.out]) {
    expect(text).toMatch(/1 .*(in doubt|not known)/);
    expect(text).not.toContain('gazette issue re');
  }
});

it('says of an issue that was paused under way how to go on, and does not count on the service', async () => {
  await sendWith(() => REFUSED);
  house.wire.answer = async (_, nth) => {
    if (nth === 10) await openFlows(house).pauseIssue({ newsletter: 'weekly', number: 1 });
    return { kind: 'deferred', scope: 'recipient', reply: { code: 450, text: '450 later' } };
  };
  const { out } = await run(['issue', 'resume', '1', '--newsletter', 'weekly']);
  expect(out).toContain(
    'Stopped: the issue was paused. Nobody was skipped; `gazette issue resume 1 --newsletter weekly` goes on.',
  );
  expect(out).not.toContain('gazette serve');
});
