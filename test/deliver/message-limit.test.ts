import { describe, expect, it } from 'vitest';
import { openMessageLimit } from '../../src/deliver/message-limit.js';

/** A server that takes so many messages on a connection; gives how many connections it ended, and how many were closed by us. */
function sendOver(limit: ReturnType<typeof openMessageLimit>, taken: number, connections: number) {
  let [ended, closed] = [0, 0];
  for (let each = 0; each < connections; each += 1) {
    limit.opened();
    let accepted = 0;
    while (limit.mayGoOn(accepted) && accepted < taken) accepted += 1;
    if (limit.mayGoOn(accepted)) {
      ended += 1;
      limit.ended(accepted);
    } else closed += 1;
  }
  return { ended, closed };
}

describe('the number of messages a connection', () => {
  it('is learned after three equal ones, and tried again now and then', () => {
    const limit = openMessageLimit();
    expect(sendOver(limit, 10, 60)).toEqual({ ended: 6, closed: 54 });
    expect(limit.read()).toBe(10);
  });

  it('is not learned from connections that end after different numbers', () => {
    const limit = openMessageLimit();
    for (const accepted of [3, 9, 3, 3, 12, 0, 0, 0]) limit.ended(accepted);
    expect(limit.read()).toBeUndefined();
  });

  it('is forgotten when the server takes twice as many', () => {
    const limit = openMessageLimit();
    limit.assume(10);
    expect(limit.mayGoOn(9)).toBe(true);
    sendOver(limit, 1_000, 21);
    expect(limit.read()).toBeUndefined();
  });
});
