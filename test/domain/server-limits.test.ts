import { describe, expect, it } from 'vitest';
import {
  afterAcceptedMail,
  afterOpenedConnection,
  afterRefusedConnection,
  connectionLimit,
  serverLimitsText,
} from '../../src/domain/server-limits.js';

const MINUTE_MS = 60_000;
const WANTED = 5;

/** Accepts a mail each second on a server that allows so many connections; gives the moments at which one more was refused. */
function sendFor(ms: number, allows: (at: number) => number) {
  let limit = afterRefusedConnection(connectionLimit(WANTED, undefined, 0), allows(0), 0);
  const refusedAt: number[] = [];
  for (let at = 0; at < ms; at += 1_000) {
    limit = afterAcceptedMail(limit, WANTED, at);
    if (limit.allowed <= allows(at)) continue;
    refusedAt.push(at);
    limit = afterRefusedConnection(limit, allows(at), at);
  }
  return { limit, refusedAt };
}

describe('the number of connections', () => {
  it('is what was open when one more was refused, and never less than one', () => {
    const limit = connectionLimit(WANTED, undefined, 0);
    expect(limit.allowed).toBe(WANTED);
    expect(afterRefusedConnection(limit, 2, 0).allowed).toBe(2);
    expect(afterRefusedConnection(limit, 0, 0).allowed).toBe(1);
    expect(afterOpenedConnection(afterRefusedConnection(limit, 1, 0), 2).allowed).toBe(2);
  });

  it('begins with what was learned, and never with more than is wanted', () => {
    expect(connectionLimit(WANTED, 2, 0).allowed).toBe(2);
    expect(connectionLimit(WANTED, 9, 0).allowed).toBe(WANTED);
  });

  it('is tried again less and less often while the server refuses', () => {
    const { refusedAt, limit } = sendFor(120 * MINUTE_MS, () => 2);
    expect(refusedAt.slice(0, 3)).toEqual([30_000, 90_000, 210_000]);
    expect(refusedAt.length).toBeLessThan(20);
    expect(limit.allowed).toBe(2);
  });

  it('is what is wanted again soon after the server allows it', () => {
    expect(sendFor(15 * MINUTE_MS, (at) => (at < MINUTE_MS ? 2 : 9)).limit.allowed).toBe(WANTED);
  });
});

it('says in words what was learned', () => {
  const limits = {
    server: 'smtp://mail.example.org:587',
    connections: 2,
    messagesPerConnection: 10,
    mailsPerSecond: 17.28,
  };
  expect(serverLimitsText(limits)).toBe('at most 2 connections, 10 mails on a connection, about 17 mails a second');
});
