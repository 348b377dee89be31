import { expect, it } from 'vitest';
import { isPrivateAddress, isPrivateHost } from '../../src/domain/private-host.js';

it.each([
  ['localhost', 'localhost.example.org'],
  ['printer.local', 'local.example.org'],
  ['wiki', 'wiki.example.org'],
  ['box.home.arpa', 'arpa.example'],
  ['10.1.2.3', '11.1.2.3'],
  ['172.16.0.1', '172.32.0.1'],
  ['192.168.0.1', '192.167.0.1'],
  ['169.254.169.254', '169.253.0.1'],
  ['100.64.0.1', '100.63.0.1'],
  ['[::1]', '[2001:db8:1::1]'],
  ['[fd00::1]', '[2600::fd00]'],
  ['[fe80::1]', '[2a00::fe80]'],
  ['[::ffff:7f00:1]', '[::ffff:808:808]'],
  ['localhost.', 'example.org.'],
])('Only its own network can reach %s; everybody can reach %s', (inside, outside) => {
  expect(isPrivateHost(inside)).toBe(true);
  expect(isPrivateHost(outside)).toBe(false);
});

it('An IPv4 address in IPv6 clothes is judged by what it is', () => {
  expect(isPrivateAddress('::ffff:192.168.0.1')).toBe(true);
  expect(isPrivateAddress('::ffff:8.8.8.8')).toBe(false);
});
