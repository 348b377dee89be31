import { describe, expect, it } from 'vitest';
import { openClientIp } from '../../src/web/public/peer.js';

const OWN = ['loopback', 'linklocal', 'uniquelocal'];

describe('the address of a client', () => {
  it.each([
    ['is the peer’s without a proxy', OWN, '192.0.2.1', undefined, '192.0.2.1'],
    ['is the peer’s, whatever a client writes itself', OWN, '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['is what the proxy of this machine saw', OWN, '127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['is not what a client wrote before it', OWN, '::ffff:10.0.0.2', '203.0.113.9, 198.51.100.7', '198.51.100.7'],
    ['is behind two proxies', [...OWN, '203.0.113.0/24'], '10.0.0.2', '198.51.100.7, 203.0.113.9', '198.51.100.7'],
    ['is the outer proxy’s, unless that is trusted', OWN, '10.0.0.2', '198.51.100.7, 203.0.113.9', '203.0.113.9'],
    ['has no port', OWN, '127.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['has no brackets and no zone', OWN, '::1', '[2001:db8::7%eth0]:443', '2001:db8::7'],
    ['is the last one before nonsense', OWN, '127.0.0.1', '198.51.100.7, unknown, 10.0.0.9', '10.0.0.9'],
    ['is the proxy’s if it says nothing', OWN, '127.0.0.1', '', '127.0.0.1'],
    ['is the proxy’s if none is trusted', [], '127.0.0.1', '198.51.100.7', '127.0.0.1'],
  ] as const)('%s', (_, trusted, peer, forwarded, address) => {
    expect(openClientIp(trusted)(peer, forwarded)).toBe(address);
  });
});
