import { describe, expect, it } from 'vitest';
import {
  judgeAnswer,
  judgeEnd,
  likeText,
  NO_ANSWERS,
  REFUSAL_FIGURES,
  type RefusalRecord,
  wireLimit,
} from '../../src/domain/refusals.js';
import type { Outcome } from '../../src/domain/reply.js';

const ACCEPTED: Outcome = { kind: 'accepted', reply: { code: 250, text: 'ok' } };
const refused = (text: string, with_: Partial<Extract<Outcome, { kind: 'rejected' }>> = {}): Outcome => ({
  kind: 'rejected',
  scope: 'recipient',
  bounce: 'hard',
  phase: 'rcpt',
  reply: { code: 550, enhanced: '5.1.1', text },
  ...with_,
});
const later = (text: string, with_: Partial<Extract<Outcome, { kind: 'deferred' }>> = {}): Outcome => ({
  kind: 'deferred',
  scope: 'recipient',
  meaning: 'later',
  phase: 'rcpt',
  reply: { code: 451, text },
  ...with_,
});
const POLICY = refused('Rejected', { scope: 'sender', meaning: 'policy', bounce: 'none' });
const SEND_AS = refused('SendAsDenied', { scope: 'sender', meaning: 'stop', bounce: 'none', phase: 'dot' });

/** Takes answers in until one ends the run; gives how many it took. */
function judged(answers: readonly Outcome[], from: RefusalRecord = NO_ANSWERS) {
  let record = from;
  for (const [at, answer] of answers.entries()) {
    const { record: after, verdict, ofRow } = judgeAnswer(record, answer);
    record = after;
    if (verdict) return { record, verdict: verdict.kind, reason: verdict.reason, taken: at + 1, ofRow };
  }
  return { record, taken: answers.length };
}

const times = (count: number, answer: (nth: number) => Outcome) =>
  Array.from({ length: count }, (_, nth) => answer(nth));

describe('refusals of like text', () => {
  it('pause a run at the tenth in a row, whoever each of them blames', () => {
    const row = times(60, (nth) => refused(`<reader${nth}@example.org>: no (id ${nth}af3)`));
    expect(judged([...times(100, () => ACCEPTED), ...row])).toMatchObject({ verdict: 'pause', taken: 110 });
  });

  it('pause a run when most of the first twenty are alike, though others were accepted in between', () => {
    const answers = times(60, (nth) => (nth % 5 < 2 ? ACCEPTED : refused(`no such user reader${nth}@example.org`)));
    const { verdict, taken } = judged(answers);
    expect(verdict).toBe('pause');
    expect(taken).toBeLessThanOrEqual(REFUSAL_FIGURES.first);
  });

  it('pause nothing where a fifth of the readers is gone, nor where each is refused with other words', () => {
    const gone = times(500, (nth) => (nth % 5 === 0 ? refused(`no such user ${nth}`) : ACCEPTED));
    expect(judged(gone)).not.toHaveProperty('verdict');
    const words = ['unknown', 'full', 'closed', 'gone', 'no'];
    expect(judged(times(25, (nth) => refused(words[nth % 5] ?? '')))).not.toHaveProperty('verdict');
  });

  it('pause a run at the thirtieth in a row, whatever they say', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzäöüß';
    expect(judged(times(60, (nth) => refused(letters[nth % 30] ?? '')))).toMatchObject({ verdict: 'pause', taken: 30 });
  });

  it('that put readers off do not add up with one that refuses', () => {
    const putOff = times(60, (nth) => later(`Later, ${'abcdefghijkl'[nth % 12]}`));
    const waiting = putOff.reduce((record, answer) => judgeAnswer(record, answer).record, NO_ANSWERS);
    expect(judgeAnswer(waiting, refused('no such user'))).not.toHaveProperty('verdict');
  });

  it('do not pause again for what a person has looked at, but for another row', () => {
    const seen: RefusalRecord = { ...NO_ANSWERS, first: undefined };
    const mixed = times(60, (nth) => (nth % 3 === 0 ? ACCEPTED : refused('no such user')));
    expect(judged(mixed, seen)).not.toHaveProperty('verdict');
    expect(
      judged(
        times(60, () => refused('no such user')),
        seen,
      ),
    ).toMatchObject({ verdict: 'pause', taken: 10 });
  });

  it('that say later end a run which may be tried again by itself; greylisting ends nothing', () => {
    expect(judged(times(60, () => later('Local error')))).toMatchObject({ verdict: 'stop', taken: 10 });
    expect(judged(times(60, () => later('Greylisted', { meaning: 'greylisted' })))).not.toHaveProperty('verdict');
  });

  it('leave out what is no answer about anybody: limits, connections, and what only this program said', () => {
    const silent = [
      later('slow down', { scope: 'limit', meaning: 'slow-down' }),
      later('closing', { scope: 'connection' }),
      refused('No SMTPUTF8', { reply: { text: 'No SMTPUTF8' } }),
    ];
    expect(judged(silent.flatMap((outcome) => times(20, () => outcome))).record.row.size).toBe(0);
  });

  it('are judged at the end of a short run', () => {
    const end = (refusals: number, accepted: number) =>
      judgeEnd(judged([...times(accepted, () => ACCEPTED), ...times(refusals, () => refused('no'))]).record)?.kind;
    expect([end(5, 4), end(9, 0)]).toEqual(['pause', 'pause']);
    expect([end(4, 0), end(5, 5), end(0, 3)]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a reader who is answered as at the try before', () => {
  const POLICY_AGAIN = (nth: number) => refused(`Rejected (id ${nth}a)`, { scope: 'sender', meaning: 'policy' });

  it('tells nothing new: a rest of closed lists pauses nothing', () => {
    let record = judged([ACCEPTED]).record;
    for (let nth = 0; nth < 60; nth += 1) {
      const again = judgeAnswer(record, POLICY_AGAIN(nth), POLICY_AGAIN(99).reply);
      expect(again).toMatchObject({ ofRow: true });
      expect(again).not.toHaveProperty('verdict');
      record = again.record;
    }
  });

  it('counts when the answer is another one, such as a refusal after greylisting', () => {
    const before = later('Greylisted', { meaning: 'greylisted' }).reply;
    let record = judged([ACCEPTED]).record;
    const verdicts = times(10, (nth) => refused(`no ${nth}`)).map((answer) => {
      const { record: after, verdict } = judgeAnswer(record, answer, before);
      record = after;
      return verdict?.kind;
    });
    expect(verdicts.at(-1)).toBe('pause');
  });

  it('still pauses an issue that lets nobody through', () => {
    const { record } = judgeAnswer(NO_ANSWERS, POLICY, POLICY.reply);
    expect(judgeEnd(record)).toMatchObject({ kind: 'pause' });
  });
});

describe('a reply that can only be about us', () => {
  it('ends a run at once while nobody was accepted, and is nobody’s try', () => {
    expect(judged([SEND_AS])).toMatchObject({ verdict: 'pause', taken: 1, ofRow: false });
  });

  it('belongs to its row where others are accepted, until it comes three times in a row', () => {
    const one = judgeAnswer(judged([ACCEPTED]).record, SEND_AS);
    expect(one).toMatchObject({ ofRow: true });
    expect(one).not.toHaveProperty('verdict');
    expect(judged([ACCEPTED, SEND_AS, ACCEPTED, SEND_AS, ACCEPTED, SEND_AS])).not.toHaveProperty('verdict');
    expect(judged([ACCEPTED, SEND_AS, SEND_AS, SEND_AS, SEND_AS])).toMatchObject({ verdict: 'pause', taken: 4 });
  });

  it('before RCPT is about no row, and may be tried again by itself', () => {
    const outcome = { ...SEND_AS, phase: 'mail' } as Outcome;
    expect(judged([ACCEPTED, outcome, outcome, outcome])).toMatchObject({ verdict: 'stop', ofRow: false });
    const policy = { ...POLICY, phase: 'mail' } as Outcome;
    expect(judged([ACCEPTED, policy])).toMatchObject({ verdict: 'stop', taken: 2, ofRow: false });
  });
});

describe('a policy', () => {
  it('belongs to its row from the first reply on, so that one closed list stops nobody', () => {
    expect(judgeAnswer(NO_ANSWERS, POLICY)).toMatchObject({ ofRow: true });
    expect(judged([POLICY, ...times(59, () => ACCEPTED)])).not.toHaveProperty('verdict');
  });

  it('that lets nobody through pauses even the shortest issue', () => {
    expect(judgeEnd(judged([POLICY]).record)).toMatchObject({ kind: 'pause' });
    expect(judgeEnd(judged([POLICY, ACCEPTED]).record)).toBeUndefined();
  });

  it('said for now is the row’s only where others were accepted, and never when the server hangs up', () => {
    const forNow = later('blocked', { scope: 'sender', meaning: 'policy', reply: { code: 450, text: 'blocked' } });
    const closeTransport = later('blocked', {
      scope: 'sender',
      meaning: 'slow-down',
      reply: { code: 421, text: 'blocked' },
    });
    expect(judgeAnswer(NO_ANSWERS, forNow).ofRow).toBe(false);
    expect(judgeAnswer(judged([ACCEPTED]).record, forNow).ofRow).toBe(true);
    expect(judgeAnswer(judged([ACCEPTED]).record, closeTransport).ofRow).toBe(false);
  });
});

describe('the messages on the wire', () => {
  it('are few until answers came, and one at a time while refusals come in a row', () => {
    expect(wireLimit(NO_ANSWERS, 50)).toBe(1);
    expect(wireLimit(judged([ACCEPTED, ACCEPTED]).record, 50)).toBe(3);
    const many = judged(times(100, () => ACCEPTED)).record;
    expect(wireLimit(many, 50)).toBe(50);
    const doubtful = judged(
      times(3, () => refused('no')),
      many,
    ).record;
    expect(wireLimit(doubtful, 50)).toBe(1);
    expect(wireLimit(judged([ACCEPTED], doubtful).record, 50)).toBe(50);
  });
});

describe('like text', () => {
  const like = (text: string) => likeText({ code: 550, enhanced: '5.7.1', text });
  it('leaves out addresses, numbers, hosts and ids', () => {
    expect(like('<ann@example.org>: Mail from 192.0.2.1 refused (id 7f3a-22) mx1.example.net')).toBe(
      like('<bob.b@example.net>: Mail from 198.51.100.7 refused (id 99ab-41) mx22.example.net'),
    );
  });
  it('keeps words and codes apart', () => {
    expect(like('User unknown')).not.toBe(like('Mailbox full'));
    expect(like('No')).not.toBe(likeText({ code: 554, enhanced: '5.7.1', text: 'No' }));
  });
});

describe('unknown outcomes', () => {
  const unknown: Outcome = { kind: 'unknown', reply: { text: 'The connection closed.' } };
  const accepted: Outcome = { kind: 'accepted', reply: { code: 250, text: 'Ok' } };
  const recordOf = (outcomes: readonly Outcome[]) =>
    outcomes.reduce((before, outcome) => judgeAnswer(before, outcome).record, NO_ANSWERS);

  it('pause the issue after three in a row, and send one message at a time from the first on', () => {
    const record = recordOf([accepted, accepted, unknown]);
    expect(wireLimit(record, 5)).toBe(1);
    const second = judgeAnswer(record, unknown);
    expect(second.verdict).toBeUndefined();
    expect(judgeAnswer(second.record, unknown).verdict).toMatchObject({ kind: 'pause' });
  });

  it('of messages that were on the wire together count once', () => {
    let record = recordOf([accepted]);
    for (let each = 0; each < 5; each += 1) {
      const judged = judgeAnswer(record, unknown, undefined, 0);
      expect(judged.verdict).toBeUndefined();
      record = judged.record;
    }
    expect(record.unknown).toBe(1);
  });

  it('are forgotten with an accepted message', () => {
    expect(recordOf([unknown, unknown, accepted, unknown, unknown]).unknown).toBe(2);
  });
});
