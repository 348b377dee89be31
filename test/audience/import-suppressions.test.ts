import { describe, expect, it } from 'vitest';
import { readSuppressions, type SuppressionLine } from '../../src/audience/import-suppressions.js';

async function linesOf(text: string): Promise<readonly SuppressionLine[]> {
  const lines: SuppressionLine[] = [];
  for await (const line of readSuppressions(new TextEncoder().encode(text))) lines.push(line);
  return lines;
}

const short = (lines: readonly SuppressionLine[]) =>
  lines.map((each) => (each.kind === 'suppression' ? [each.line, each.addressKey, each.reason] : each.kind));

describe('a file of addresses that get no mail', () => {
  it.each([
    ['our own list', 'ann@example.org\thard-bounce\t2026-05-01T00:00:00.000Z\nbob@example.org\tcomplaint\t2026'],
    [
      'Postmark',
      'EmailAddress,SuppressionReason,Origin\nAnn@Example.org,HardBounce,x\nbob@example.org,SpamComplaint,x',
    ],
    ['a sheet', 'Name;E-Mail;Reason\nAnn;ann@example.org;Bounced\nBob;bob@example.org;spam report'],
    ['with sep=', 'sep=;\nemail;suppressed\nann@example.org;hard-bounce\nbob@example.org;complaint'],
  ])('is read as %s writes it', async (_, text) => {
    const lines = (await linesOf(text)).filter(({ kind }) => kind === 'suppression');
    expect(short(lines).map((each) => each.slice(1))).toEqual([
      ['ann@example.org', 'hard-bounce'],
      ['bob@example.org', 'complaint'],
    ]);
  });

  it('may be a plain list; then the reason is `manual`', async () => {
    expect(short(await linesOf('ann@example.org\n\n  bob@EXAMPLE.org  \n'))).toEqual([
      [1, 'ann@example.org', 'manual'],
      [3, 'bob@example.org', 'manual'],
    ]);
  });

  it('keeps an address whose reason it does not know, and says so', async () => {
    expect(await linesOf('email,reason\nann@example.org,erased\n')).toMatchObject([{ reason: 'manual' }]);
    expect((await linesOf('email,reason\nann@example.org,"550 5.1.1 no such user"\n'))[0]).toMatchObject({
      reason: 'manual',
      otherWord: '550 5.1.1 no such user',
    });
  });

  it('has every other line refused with the reason, and other columns named', async () => {
    expect(await linesOf('email,born,reason\nnobody,1970,spam\n,,\n')).toMatchObject([
      { kind: 'ignored-columns', columns: ['born'] },
      { kind: 'refused', line: 2, message: '“nobody” is not an address that mail can be sent to' },
      { kind: 'refused', line: 3, message: 'the address is missing' },
    ]);
  });

  it('is not read when it has no column of addresses, or nothing in it', async () => {
    await expect(linesOf('name,reason\nAnn,spam\n')).rejects.toMatchObject({ code: 'import.unreadable' });
    await expect(linesOf('')).rejects.toMatchObject({ code: 'import.unreadable' });
  });
});
