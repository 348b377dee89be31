/** Hosts that only their own network can reach, and addresses that no public server has: no text from outside may make us ask them. */
import { BlockList, isIP } from 'node:net';

const PRIVATE_NAMES = /(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet|home\.arpa)$/;

/** The IANA registries of special-purpose addresses, and multicast. */
const NOT_PUBLIC = blockList('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  '224.0.0.0/3',
]);
/** The only addresses of IPv6 that are given to public hosts; and within them what is not, such as Teredo and 6to4. */
const PUBLIC_V6 = blockList('ipv6', ['2000::/3']);
const NOT_PUBLIC_V6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);
/** IPv4 addresses in IPv6 form: mapped (RFC 4291 §2.5.5), and translated by NAT64 (RFC 6052). */
const HOLDS_V4 = blockList('ipv6', ['::ffff:0:0/96', '64:ff9b::/96']);

/** @param host as `URL.hostname` gives it: lower case, an IPv6 address in brackets, IPv4 addresses in dotted decimal */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/\.$/, '').replace(/^\[|\]$/g, '');
  if (isIP(name) !== 0) return isPrivateAddress(name);
  return !name.includes('.') || PRIVATE_NAMES.test(name);
}

/** @param address an IPv4 or IPv6 address without brackets; what is neither counts as private */
export function isPrivateAddress(address: string): boolean {
  const [bare = ''] = address.split('%');
  if (isIP(bare) === 4) return NOT_PUBLIC.check(bare);
  if (isIP(bare) !== 6) return true;
  if (HOLDS_V4.check(bare, 'ipv6')) return NOT_PUBLIC.check(v4In(bare));
  return !PUBLIC_V6.check(bare, 'ipv6') || NOT_PUBLIC_V6.check(bare, 'ipv6');
}

/** The last 32 bits of an IPv6 address, in dotted decimal. */
function v4In(address: string): string {
  // The URL parser writes the last two groups in hexadecimal, whatever the spelling.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function blockList(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
