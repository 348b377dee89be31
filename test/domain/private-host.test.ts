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
  ['192.0.0.8', '192.0.1.8'],
  ['198.51.100.7', '198.51.101.7'],
  ['255.255.255.255', '223.255.255.255'],
  ['[::1]', '[2001:4860:1::1]'],
  ['[fec0::1]', '[2606::fec0]'],
  ['[64:ff9b::a00:1]', '[64:ff9b::808:808]'],
  ['[64:ff9b:1::808:808]', '[2a01::1]'],
  ['[2002:a00:1::1]', '[2003::1]'],
  ['[2001:0:1::1]', '[2001:200::1]'],
  ['[2001:db8::1]', '[2001:db9::1]'],
  ['[fd00::1]', '[2600::fd00]'],
  ['[fe80::1]', '[2a00::fe80]'],
  ['[::ffff:7f00:1]', '[::ffff:808:808]'],
  ['localhost.', 'example.org.'],
])('Only its own network can reach %s; everybody can reach %s', (inside, outside) => {
  expect(isPrivateHost(inside)).toBe(true);
  expect(isPrivateHost(outside)).toBe(false);
});

it('An IPv4 address in IPv6 form is judged by what it is', () => {
  expect(isPrivateAddress('::ffff:192.168.0.1')).toBe(true);
  expect(isPrivateAddress('::ffff:8.8.8.8')).toBe(false);
});

it.each(['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/', 'http://127.0.0.1./'])(
  'Any way to write an address is recognised: %s',
  (url) => {
    expect(isPrivateHost(new URL(url).hostname)).toBe(true);
  },
);

it('What is no address counts as private', () => {
  expect(isPrivateAddress('fe80::1%eth0')).toBe(true);
  expect(isPrivateAddress('')).toBe(true);
});
