/** Who sent a request: the address that the outermost trusted proxy saw. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/** Gives the address of a client. @param forwarded the header `X-Forwarded-For` */
export type ReadClientIp = (remoteAddress: string, forwarded: string | undefined) => string;

/** Longer lists are not read further back. */
const MOST_ADDRESSES = 20;

/** @param trusted addresses, networks (CIDR), and the names `loopback`, `linklocal` and `uniquelocal` */
export function openClientIp(trusted: readonly string[]): ReadClientIp {
  const isTrusted = proxyAddr.compile([...trusted]);
  return (remoteAddress, forwarded = '') => {
    if (isIP(remoteAddress) === 0) return remoteAddress;
    const headers = { 'x-forwarded-for': validPart(forwarded).join(', ') };
    const connection = { remoteAddress };
    return proxyAddr({ headers, connection, socket: connection } as unknown as IncomingMessage, isTrusted);
  };
}

/** The addresses at the end of the list, up to the first that is none: what is before it was made up. */
function validPart(forwarded: string): readonly string[] {
  const addresses = forwarded.split(',').slice(-MOST_ADDRESSES).map(withoutPort);
  return addresses.slice(addresses.findLastIndex((address) => isIP(address) === 0) + 1);
}

/** Some proxies write a port, brackets, or the zone of a link. */
function withoutPort(given: string): string {
  const text = given.trim();
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(text) ?? [];
  return (bracketed ?? dotted ?? text).replace(/%.*$/s, '');
}
