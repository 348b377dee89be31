import { beforeEach, describe, expect, it } from 'vitest';
import { aContext, type TestContext } from '../support/app-context.js';
import { listed } from '../support/store-plans.js';
import { typed } from '../support/typed.js';

let deps: TestContext;

beforeEach(async () => {
  deps = await aContext();
});

const run = (argv: readonly string[], input: string) =>
  typed(deps, ['suppressions', 'import', '-', ...argv], { input });
const suppressed = async () =>
  (await listed(deps.store.audience.suppressions())).map(({ addressKey, reason }) => [addressKey, reason]);

describe('gazette suppressions import', () => {
  it('adds the addresses of a file; the first reason stays, and a second import changes nothing', async () => {
    await deps.store.audience.suppress('ann@example.org', 'manual', deps.clock.now());
    const file = 'email,reason\nann@example.org,complaint\nbob@example.org,bounced\nBOB@example.org,spam\n';
    expect(await run([], file)).toMatchObject({
      code: 0,
      out: '3 lines: 1 suppressed, 1 suppressed already, 1 repeated\n',
    });
    const kept = [
      ['ann@example.org', 'manual'],
      ['bob@example.org', 'hard-bounce'],
    ];
    expect(await suppressed()).toEqual(kept);
    expect(JSON.parse((await run(['--json'], file)).out)).toMatchObject({
      lines: 3,
      added: 0,
      unchanged: 2,
      repeated: 1,
    });
    expect(await suppressed()).toEqual(kept);
  });

  it('reports lines that cannot be used, and reasons it does not know', async () => {
    const { code, out } = await run([], 'email,reason\nnobody,spam\neve@example.org,mailbox full\n');
    expect(code).toBe(4);
    expect(out).toBe(
      '2 lines: 1 suppressed, 0 suppressed already\nReasons that are not known, kept as manual: 1 “mailbox full”\n' +
        '1 line refused, the others were imported:\n  line 2: “nobody” is not an address that mail can be sent to\n',
    );
  });

  it('writes nothing of a file that cannot be read to its end, and nothing in a dry run', async () => {
    const many = Array.from({ length: 2_500 }, (_, nth) => `reader-${nth}@example.org,spam\n`).join('');
    const broken = await run(['--json'], `email,reason\n${many}"eve@example.org,spam\n`);
    expect(broken.code).toBe(1);
    expect(await suppressed()).toEqual([]);
    expect((await run(['--dry-run'], `email,reason\n${many}`)).out).toBe(
      '2,500 lines: 2500 suppressed, 0 suppressed already\nNothing was written.\n',
    );
    expect(await suppressed()).toEqual([]);
    expect((await run([], `email,reason\n${many}`)).code).toBe(0);
    expect(await suppressed()).toHaveLength(2_500);
  });
});
