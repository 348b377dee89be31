/** A file of readers becomes readers, all or none, with a report on every line that does not. */
import { expect, it } from 'vitest';
import { CSV_PRESETS } from '../../src/audience/csv-presets.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { ImportReport } from '../../src/readers/import.js';
import { aContext, type TestContext } from '../support/app-context.js';

const weekly = (deps: TestContext) => deps.newsletters.get('weekly') as Newsletter;
const importing = (deps: TestContext, text: string, with_: object = {}) =>
  deps.readers.importSubscribers({
    newsletter: weekly(deps),
    source: new TextEncoder().encode(text),
    consentSource: 'paper',
    ...with_,
  });

async function addresses(deps: TestContext): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { subscriber } of deps.store.audience.list('weekly')) found.push(subscriber.address);
  return found;
}

it('counts each word for a state, and brings back nobody as active who has left', async () => {
  const deps = await aContext();
  const text = [
    'Email,First Name,Status,Subscribed at',
    'ann@example.org,Ann,subscribed,2023-03-01 10:00:00',
    'bob@example.org,Bob,unsubscribed,2023-03-01 10:00:00',
    'cyd@example.org,Cyd,bounced,2023-03-01 10:00:00',
    'dan@example.org,Dan,unconfirmed,2023-03-01 10:00:00',
    'eve@example.org,Eve,subscribed,2023-03-01 10:00:00',
  ].join('\n');
  const report = await importing(deps, text);
  expect(report.states).toEqual({ subscribed: 2, unsubscribed: 1, bounced: 1, unconfirmed: 1 });
  const groups = await deps.store.audience.groups('weekly', deps.clock.now());
  expect(groups.reduce((sum, { count, skip }) => sum + (skip ? 0 : count), 0)).toBe(2);
});

it('imports nothing of an export that lacks its state column', async () => {
  const deps = await aContext();
  const text = 'Email,Name,Subscription date\nann@example.org,Ann,2023-03-01T10:00:00.000Z\n';
  await expect(importing(deps, text, { map: CSV_PRESETS.substack })).rejects.toMatchObject({
    code: 'import.unreadable',
  });
  expect(await addresses(deps)).toEqual([]);
});

it('imports nothing of a file that cannot be read to its end', async () => {
  const deps = await aContext();
  const good = Array.from({ length: 3_000 }, (_, nth) => `reader${nth}@example.org,Reader`).join('\n');
  await expect(importing(deps, `email,name\n${good}\n"never closed`)).rejects.toMatchObject({
    code: 'import.unreadable',
    hint: expect.stringContaining('nothing was imported'),
  });
  expect(await addresses(deps)).toEqual([]);
});

it('shows the report before it writes, reads the file once, and writes only what is confirmed', async () => {
  const deps = await aContext();
  let readings = 0;
  async function* source() {
    readings += 1;
    yield new TextEncoder().encode('email\nann@example.org\nno address\nANN@example.org\n');
  }
  const shown: ImportReport[] = [];
  const confirm = (answer: boolean) => async (report: ImportReport) => {
    shown.push(report);
    return answer;
  };
  await importing(deps, '', { source: source(), confirm: confirm(false) });
  expect(await addresses(deps)).toEqual([]);
  const report = await importing(deps, '', { source: source(), confirm: confirm(true) });
  expect(await addresses(deps)).toEqual(['ann@example.org']);
  expect(readings).toBe(2);
  const counts = { lines: 3, added: 1, repeated: 1, refusedCount: 1, refused: [{ line: 3 }] };
  for (const each of [...shown, report]) expect(each).toMatchObject(counts);
});

it('names the first thousand refused lines of a file, and counts the others', async () => {
  const deps = await aContext();
  const report = await importing(deps, `email\n${'no address\n'.repeat(1_500)}`);
  expect([report.refused.length, report.refusedCount, report.refused.at(-1)?.line]).toEqual([1_000, 1_500, 1_001]);
});
