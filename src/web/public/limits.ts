/**
 * How often strangers may fill in forms, or have pages made. Kept in the memory of this process: two processes count apart, and a restart
 * forgets. Never asked for unsubscribing: mailbox providers post from few addresses. (rule: strangers-cost-little)
 */
import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
import { type Address, mailboxKey } from '../../domain/address.js';

export interface Limits {
  /**
   * Counts a form of a client; false when it has sent too many. Asked first, so that a client that is refused never
   * uses up the tries of somebody else's mailbox.
   */
  mayClientAsk(ip: string): boolean;
  /** Counts a mail to a mailbox; false when it was asked for too often, by whichever client. */
  mayMail(address: Address): boolean;
  /** Counts a page that is made for a client, because it is not kept ready; false when too many were made. */
  mayMakePage(ip: string): boolean;
  /** Whether a client may call a webhook: one whose calls were refused too often may not. Genuine calls have no limit. */
  mayCallHook(ip: string): boolean;
  /** Counts a call of a webhook that was refused. */
  hookRefused(ip: string): void;
  /** How many clients, networks and mailboxes are remembered; never more than seven times `mostKept`. */
  readonly size: number;
}

export interface LimitOptions {
  /** Within an hour. */
  readonly perMailbox?: number;
  /** Within an hour. */
  readonly perClient?: number;
  /** Within an hour. */
  readonly pagesPerClient?: number;
  /** Within an hour. Calls of others may come from the addresses of a provider, so this only bounds what they cost. */
  readonly refusedHooksPerClient?: number;
  /** How many of each kind are remembered; the one that was not seen for longest is forgotten first. */
  readonly mostKept?: number;
}

const HOUR_MS = 3_600_000;
/** A site may hold 65,536 networks of IPv6: together they may send this many times what one client may. */
const CLIENTS_PER_SITE = 10;
const MOST_KEPT = 50_000;

export function openLimits(
  now: () => Date,
  {
    perMailbox = 5,
    perClient = 30,
    pagesPerClient = 10_000,
    refusedHooksPerClient = 3_000,
    mostKept = MOST_KEPT,
  }: LimitOptions = {},
): Limits {
  const mailboxes = hourlyLimit(now, perMailbox, mostKept);
  const forms = clientLimit(now, perClient, mostKept);
  const pages = clientLimit(now, pagesPerClient, mostKept);
  const refused = clientLimit(now, refusedHooksPerClient, mostKept);
  return {
    mayClientAsk: forms.take,
    mayMakePage: pages.take,
    mayCallHook: refused.hasLeft,
    hookRefused: (ip) => void refused.take(ip),
    // Hashed: no list of addresses is kept in memory.
    mayMail: (address) => mailboxes.take(createHash('sha256').update(mailboxKey(address)).digest('base64')),
    get size() {
      return mailboxes.size + forms.size + pages.size + refused.size;
    },
  };
}

/** Counts by client, and by the site of an IPv6 client. */
function clientLimit(now: () => Date, most: number, mostKept: number) {
  const clients = hourlyLimit(now, most, mostKept);
  const sites = hourlyLimit(now, most * CLIENTS_PER_SITE, mostKept);
  return {
    take(ip: string): boolean {
      const { client, site } = clientKeys(ip);
      return clients.take(client) && (site === undefined || sites.take(site));
    },
    hasLeft(ip: string): boolean {
      const { client, site } = clientKeys(ip);
      return clients.hasLeft(client) && (site === undefined || sites.hasLeft(site));
    },
    get size() {
      return clients.size + sites.size;
    },
  };
}

/**
 * Counts by key within the hours of the clock. It needs no timer, and a flood of new keys costs a bounded amount of
 * memory: it makes the oldest counts start again and refuses no request.
 */
function hourlyLimit(now: () => Date, most: number, mostKept: number) {
  const counts = new LRUCache<string, number>({ max: mostKept });
  let hour = 0;
  const taken = (key: string): number => {
    const current = Math.floor(now().getTime() / HOUR_MS);
    if (current !== hour) {
      counts.clear();
      hour = current;
    }
    // Reading makes the key the newest: who goes on while refused stays refused.
    return counts.get(key) ?? 0;
  };
  return {
    take(key: string): boolean {
      const before = taken(key);
      if (before >= most) return false;
      counts.set(key, before + 1);
      return true;
    },
    hasLeft: (key: string): boolean => taken(key) < most,
    get size() {
      return counts.size;
    },
  };
}

/** Whom forms are counted for. A household holds a whole /64 of IPv6, a site a whole /48. */
function clientKeys(ip: string): { readonly client: string; readonly site?: string } {
  // Some proxies write brackets, a port, or the zone of a link.
  const bare = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(ip);
  const plain = (bare?.[1] ?? bare?.[2] ?? ip).replace(/%.*$/s, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) return { client: plain };
  if (!isIPv6(plain)) return { client: 'unknown' };
  const [head = '', tail = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  const whole = [...groups, ...Array<string>(missing).fill('0'), ...tail.split(':')];
  return { client: whole.slice(0, 4).join(':'), site: whole.slice(0, 3).join(':') };
}
