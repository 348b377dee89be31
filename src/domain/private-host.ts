/** Hosts that only their own network can reach (RFC 1918, 6761, 6762, 3927, 4193): readers cannot, and no text from outside may make us ask them. */

const PRIVATE_NAMES = /(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet|home\.arpa)$/;

/** @param host as `URL.hostname` gives it: lower case, an IPv6 address in brackets */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/\.$/, '');
  if (name.startsWith('[')) return isPrivateAddress(name.slice(1, -1));
  if (/^\d+(?:\.\d+){3}$/.test(name)) return isPrivateAddress(name);
  return !name.includes('.') || PRIVATE_NAMES.test(name);
}

/** @param address an IPv4 or IPv6 address without brackets */
export function isPrivateAddress(address: string): boolean {
  if (address.includes(':')) return isPrivateV6(address.toLowerCase());
  const [one = 0, two = 0] = address.split('.').map(Number);
  if (one === 0 || one === 10 || one === 127 || one >= 224) return true;
  if (one === 100) return two >= 64 && two <= 127;
  if (one === 169) return two === 254;
  if (one === 172) return two >= 16 && two <= 31;
  if (one === 192) return two === 168;
  return one === 198 && (two === 18 || two === 19);
}

function isPrivateV6(address: string): boolean {
  // An IPv4 address in IPv6 clothes, in either spelling (RFC 4291 §2.5.5).
  const [, dotted, high, low] =
    /^::(?:ffff:)?(?:(\d+(?:\.\d+){3})|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/.exec(address) ?? [];
  if (dotted !== undefined) return isPrivateAddress(dotted);
  if (high !== undefined && low !== undefined) {
    const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
    return isPrivateAddress([first >> 8, first & 255, second >> 8, second & 255].join('.'));
  }
  return /^::1?$/.test(address) || /^f[cd]/.test(address) || /^fe[89ab]/.test(address) || address.startsWith('ff');
}
