/** One script of commands on SQLite and on Postgres: they end alike and print the same, but for times and what is random. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aWorkspace, gazette, manyReaders } from '../support/e2e-gazette.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

/** The arguments of a command, and what it reads. */
type Step = readonly [args: string, input?: string];

const CSV = 'email,name,language,categories,consent_source,consent_at,state\n';
const LIST = [
  'ann@example.org,Ann,de,software,form,2026-01-01,active',
  'Åke@example.org,Åke,sv,,form,2026-01-02,subscribed',
  'bob@example.org,"Bob, E",,instruments,form,2026-01-01,unsubscribed',
  'cyd@example.org,,en,;,form,2026-01-01,bounced',
  'dan@example.org,Dan,,,form,2026-01-01,unconfirmed',
  'ANN@example.org,again,,,form,2026-01-01,active',
  'eve@example.org,,,gardening,form,2026-01-01,active',
  'not an address,,,,form,2026-01-01,active',
  'fay@example.org,,,,form,2026-01-01,moved',
].join('\n');

const SCRIPT: readonly Step[] = [
  ['status'],
  ['issues'],
  ['plan'],
  ['plan --explain'],
  ['subscribers list'],
  ['subscribers import - --dry-run', CSV + LIST],
  ['subscribers import -', CSV + LIST],
  ['subscribers import -', CSV + LIST],
  ['subscribers import - --map-value moved=unsubscribed', CSV + LIST],
  ['subscribers import - --from substack', 'email,name\na@example.org,A\n'],
  ['subscribers import - --from substack --state active --consent-source x', 'email,name\nsub@example.org,A\n'],
  ['subscribers import -', 'name\nnobody\n'],
  ['subscribers add new@example.org --consent-source telephone'],
  ['subscribers add new@example.org --consent-source telephone'],
  ['subscribers add no-address --consent-source telephone'],
  ['subscribers show ann@example.org'],
  ['subscribers show nobody@example.org'],
  ['subscribers list'],
  ['subscribers list weekly'],
  ['subscribers export'],
  ['subscribers remove reader3@example.org'],
  ['subscribers remove reader3@example.org'],
  ['suppressions add reader4@example.org'],
  ['suppressions add reader4@example.org'],
  ['suppressions add elsewhere@example.org'],
  ['suppressions remove elsewhere@example.org'],
  ['suppressions remove elsewhere@example.org'],
  ['suppressions list'],
  ['plan'],
  ['plan weekly'],
  ['plan monthly'],
  ['check'],
  ['send --dry-run'],
  ['issue approval'],
  ['issue veto --yes'],
  ['issue approval'],
  ['issue withdraw --yes'],
  ['issue show 1'],
  ['send --yes'],
  ['issues'],
  ['issue show 1'],
  ['issue verify 1'],
  ['issue resend 1 --only rejected --yes'],
  ['issue resend 1 --only unknown --yes'],
  ['issue pause 1'],
  ['issue resume 1'],
  ['issue cancel 1 --yes'],
  ['issue return 1 --yes'],
  ['issue verify 7'],
  ['subscribers show ann@example.org'],
  ['subscribers erase ann@example.org --yes'],
  ['subscribers import -', `${CSV}ann@example.org,Ann,,,form,2026-01-01,active\n`],
  ['subscribers list'],
  ['subscribers evidence'],
  ['send --yes'],
  ['status'],
  ['plan --explain'],
  ['rehearse --from 2026-01-01 --to 2026-02-01'],
  ['source accept-withdrawals blog'],
  ['adopt'],
];

const SECRET = `k1:${'0123456789abcdef'.repeat(4)}`;

/** What a run prints, without what differs from one run to the next. */
async function outputsOf(databaseUrl: string | undefined): Promise<readonly string[]> {
  const env = {
    SMTP_URL: 'file:outbox',
    GAZETTE_SECRET: SECRET,
    GAZETTE_PUBLIC_URL: 'https://news.example.org',
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  };
  const readers = manyReaders(
    12,
    (nth) => [[], ['software'], ['instruments', 'software'], ['chemistry']][nth % 4] ?? [],
  );
  const folder = await aWorkspace({ readers }, env);
  const outputs: string[] = [];
  for (const [args, input] of SCRIPT) {
    const { code, stdout, stderr } = await gazette([...args.split(' '), '--json'], {
      folder,
      env,
      ...(input && { input }),
    });
    const text = `${args}\nends with ${code}\n${stdout}${code === 0 ? '' : stderr}`;
    outputs.push(
      text
        .replaceAll(folder, '<folder>')
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g, '<moment>')
        .replace(/\b[0-9a-f]{16,}\b/g, '<random>')
        .replace(/\b\d\d:\d\d(?::\d\d)?(?:\.\d+)?\b/g, '<time>'),
    );
  }
  return outputs;
}

it('prints the same on both databases', async () => {
  const url = await postgres.freshUrl();
  const [sqlite, onPostgres] = await Promise.all([outputsOf(undefined), outputsOf(url)]);
  for (const [nth, output] of sqlite.entries()) expect(onPostgres[nth]).toBe(output);
  // A script whose commands all fail alike proves nothing.
  const ends = sqlite.map((output) => /ends with (\d)/.exec(output)?.[1]);
  expect(ends.filter((end) => end === '0').length).toBeGreaterThan(SCRIPT.length / 2);
});
