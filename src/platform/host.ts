/** What doctor asks of the outside: names, the disk, the zone data, and how an address on the web answers. */
import { Resolver } from 'node:dns/promises';
import { stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import type { Dns, Host, WebAnswer } from '../domain/ports/host.js';
import { toOwnAddress, type WebClient } from './web-client.js';

const NOTHING_THERE = new Set(['ENOTFOUND', 'ENODATA']);
const TIMEOUT_MS = 5_000;

/** The resolver of the host. */
export function systemDns(): Dns {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  return {
    txt: async (name) => (await orNothing(resolver.resolveTxt(name))).map((strings) => strings.join('')),
    mx: async (name) => {
      const records = await orNothing(resolver.resolveMx(name));
      return records.sort((one, other) => one.priority - other.priority).map(({ exchange }) => exchange);
    },
  };
}

async function orNothing<T>(records: Promise<T[]>): Promise<T[]> {
  try {
    return await records;
  } catch (error) {
    if (NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

export const thisHost: Host = {
  zoneData: process.versions.tz,
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  mode: async (path) => {
    if (process.platform === 'win32') return undefined;
    const present = await stat(path).catch(() => undefined);
    return present && present.mode & 0o777;
  },
};

/** How many threads may work beside the event loop without taking its share of the machine: one or two. */
export function spareCores(): number {
  return Math.max(1, Math.min(2, availableParallelism() - 1));
}

/** What this process may use of the machine's memory, in MB. */
export function machineMemoryMb(): number {
  return Math.min(process.constrainedMemory() || totalmem(), totalmem()) / 1_000_000;
}

/** Posts a form to an address of our own on the web; never rejects, follows no redirect. */
export function openAskWeb({ exchange }: WebClient) {
  return async (url: string, form: { readonly [name: string]: string }): Promise<WebAnswer> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    const end = await exchange({ ...toOwnAddress(url), method: 'POST', headers, body });
    if (end.kind !== 'answered') return { kind: 'failed', text: end.kind === 'failed' ? end.text : end.why };
    const date = new Date(end.headers.get('date') ?? Number.NaN);
    return { kind: 'answered', status: end.status, ...(!Number.isNaN(date.getTime()) && { date }) };
  };
}
