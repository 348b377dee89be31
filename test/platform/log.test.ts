import { describe, expect, it } from 'vitest';
import { openLog } from '../../src/platform/log.js';

function logged(format: 'pretty' | 'json', level: 'info' | 'warn' | 'error' | 'silent' = 'info') {
  const lines: string[] = [];
  const log = openLog({ format, level, destination: { write: (line: string) => void lines.push(line) } });
  return { log, lines };
}

describe('JSON lines', () => {
  it('hold the event, its fields and the time', () => {
    const { log, lines } = logged('json');
    log.warn('issue.planned', { number: 7, at: new Date('2026-06-15T07:00:00Z') });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'issue.planned',
      number: 7,
      at: '2026-06-15T07:00:00.000Z',
      time: expect.stringMatching(/^\d{4}-/),
    });
  });

  it('hide addresses, secrets and tokens at any depth, and leave masked ones', () => {
    const { log, lines } = logged('json');
    log.info('x.y', {
      address: 'reader@example.org',
      replyToAddress: 'a@example.org',
      deep: [{ token: 'abc', GAZETTE_SECRET: 'k:s' }],
    });
    log.info('x.y', { address: 'r…@example.org', addresses: 12 });
    expect(lines.join('')).not.toMatch(/reader@|a@example|abc|k:s/);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'info', address: 'r…@example.org', addresses: 12 });
  });

  it('hide addresses and links in the words of others: replies, errors, causes', () => {
    const { log, lines } = logged('json');
    const cause = new Error(
      'at https://news.example.org/u/k1.weekly.1aAbBcCdDeEfFgGhHiIjJkK and /c/0123456789abcdef0123',
    );
    log.error('x.y', {
      reason: '550 5.1.1 <reader@example.org>: User дима@пошта.example.org unknown',
      error: new Error('cannot reach postgres://gazette:hunter2@db.example.org/gazette', { cause }),
    });
    expect(lines.join('')).not.toMatch(/reader@|дима|hunter2|aAbBcC|0123456789/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      reason: '550 5.1.1 <r…@example.org>: User д…@пошта.example.org unknown',
      error: { cause: { message: 'at https://news.example.org/u/… and /c/…' } },
    });
  });

  it('show an error with its cause', () => {
    const { log, lines } = logged('json');
    log.error('run.stopped', { error: new Error('no', { cause: new Error('because') }) });
    expect(JSON.parse(lines[0] ?? '').error).toMatchObject({ message: 'no', cause: { message: 'because' } });
  });

  it('survive what JSON cannot say', () => {
    const { log, lines } = logged('json');
    const loop: { self?: unknown } = {};
    loop.self = loop;
    log.info('x.y', { loop, big: 10n, never: new Date(Number.NaN) });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ big: '10', never: 'invalid date' });
  });
});

describe('lines for people', () => {
  it('hold the event and its fields', () => {
    const { log, lines } = logged('pretty');
    log.info('issue.planned', { number: 7, title: 'Two words' });
    expect(lines).toEqual(['· issue.planned number=7 title="Two words"\n']);
  });

  it('stay one line whatever a value holds', () => {
    const { log, lines } = logged('pretty');
    log.error('x.y', { text: 'a\n✗ forged.event\u001b[2J' });
    expect(lines[0]?.trimEnd()).toMatch(/^\P{Cc}*$/u);
  });

  it('leave out what is below the level', () => {
    const { log, lines } = logged('pretty', 'warn');
    log.info('a.b');
    log.warn('c.d');
    expect(lines).toEqual(['! c.d\n']);
    const quiet = logged('pretty', 'silent');
    quiet.log.error('e.f');
    expect(quiet.lines).toEqual([]);
  });
});
