/** The name with which a sender introduces itself to mail servers (RFC 5321 §4.1.1.1). */
import { isIP } from 'node:net';

/**
 * The host of the public pages, else the domain of a sender, where it is a full domain name. Without one, a container
 * would say `[127.0.0.1]`, which large relays refuse.
 * @param senders addresses, in order of preference
 */
export function heloName(publicUrl: string | undefined, senders: readonly string[]): string | undefined {
  const hosts = [
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]),
    ...senders.map((address) => address.slice(address.lastIndexOf('@') + 1)),
  ];
  return hosts.find(isFullDomain);
}

function isFullDomain(host: string): boolean {
  return (
    isIP(host.replace(/^\[|\]$/g, '')) === 0 &&
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host) &&
    !/\.(?:localhost|local|internal|test)$/i.test(host)
  );
}
