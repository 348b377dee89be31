/** Whatever a server does at whatever moment, what the lane says of a message agrees with what the server took. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTransport } from '../../src/deliver/transports/index.js';
import { noFiles } from '../support/deliver-files.js';
import { aMessage } from '../support/deliver-messages.js';
import { aCertificate, aScriptedServer } from '../support/deliver-server.js';
import { runs } from '../support/runs.js';

/** What the server does in one transaction: where, and what. */
interface Fault {
  readonly at: 'MAIL' | 'RCPT' | 'DATA' | '.' | 'never';
  readonly does: 'drop' | 'reset' | '421' | '451 4.7.1 Later' | '550 5.1.1 No' | 'take and drop' | 'take and stutter';
}

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.constantFrom('MAIL', 'RCPT', 'DATA', '.', '.', 'never', 'never'),
  does: fc.constantFrom('drop', 'reset', '421', '451 4.7.1 Later', '550 5.1.1 No', 'take and drop', 'take and stutter'),
});

const ways = fc.record({ pipelining: fc.boolean(), secure: fc.boolean() });
const certificate = aCertificate();

/** A server that goes through its faults, one a transaction, and then is polite; keeps whom it took mail for. */
async function aFaultyServer(
  faults: readonly Fault[],
  { pipelining, secure }: { pipelining: boolean; secure: boolean },
) {
  const taken: string[] = [];
  let transactions = 0;
  const { port } = await aScriptedServer(
    (line, socket, session) => {
      const state = session as typeof session & { inData?: boolean; fault?: Fault; to?: string };
      if (state.inData && line !== '.') return;
      const verb = state.inData ? '.' : (line.split(' ')[0] ?? '');
      if (verb === 'EHLO') {
        socket.write(pipelining ? '250-test\r\n250 PIPELINING\r\n' : '250 test\r\n');
        return;
      }
      if (verb === 'MAIL') {
        const next = faults[transactions++];
        if (next) state.fault = next;
        else delete state.fault;
        delete state.to;
      }
      const does = state.fault?.at === verb ? state.fault.does : undefined;
      if (verb === '.') {
        state.inData = false;
        if (does === undefined || does.startsWith('take')) taken.push(state.to ?? '');
      }
      if (does === 'drop' || does === 'take and drop') socket.destroy();
      else if (does === 'reset') secure ? socket.destroy() : socket.resetAndDestroy();
      else if (does === 'take and stutter') socket.end('2');
      else if (does === '421') socket.end('421 4.3.2 Closing\r\n');
      else if (does !== undefined) socket.write(`${does}\r\n`);
      else if (verb === 'DATA') {
        state.inData = state.to !== undefined;
        socket.write(state.inData ? '354 Go on\r\n' : '503 5.5.1 Nobody to send to\r\n');
      } else {
        if (verb === 'RCPT') state.to = /<(.*)>/.exec(line)?.[1] ?? '';
        socket.write('250 2.0.0 OK\r\n');
      }
    },
    secure ? certificate : undefined,
  );
  return { port, taken };
}

it('never calls accepted what was not taken, nor anything but accepted or unknown what was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 12 }), ways, async (faults, way) => {
      const server = await aFaultyServer(faults, way);
      const url = `${way.secure ? 'smtps' : 'smtp'}://localhost:${server.port}`;
      const transport = openTransport(url, { files: noFiles, root: '/', ca: certificate.cert });
      const connection = transport.open();
      for (let reader = 0; reader <= faults.length; reader++) {
        const to = `reader-${reader}@example.com`;
        const outcome = await connection.send(aMessage({ to }));
        const copies = server.taken.filter((address) => address === to).length;
        if (outcome.kind === 'accepted') expect(copies).toBe(1);
        else if (outcome.kind === 'unknown') expect(copies).toBeLessThanOrEqual(1);
        else expect(copies).toBe(0);
        // Every fault here is over with its connection: no reader is kept from a polite server by an earlier one.
        if (reader === faults.length) expect(outcome.kind).toBe('accepted');
      }
      await transport.close();
    }),
    { numRuns: runs(8) },
  );
});
