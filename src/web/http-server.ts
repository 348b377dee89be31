/** An HTTP server on a port: says clearly when the port is taken, and lets running requests end before it closes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { GazetteError } from '../domain/errors.js';
import { openTurns } from './turns.js';

export interface HttpOptions {
  fetch(request: Request, connection: Connection): Response | Promise<Response>;
  /**
   * Answers a GET without a request object or a promise; `undefined` for one that `fetch` has to answer. Where it is given, every GET
   * and HEAD waits for its turn, so that other work of this process goes on.
   */
  answerAtOnce?(header: (name: string) => string | undefined, target: string): ReadyAnswer | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** The command-line option that sets the port. */
  readonly option: string;
}

/** What is known of a request beside the request itself. */
export interface Connection {
  readonly peerIp?: string;
}

/** An answer with all its headers. */
export interface ReadyAnswer {
  readonly status: number;
  readonly body: Uint8Array | null;
  readonly headers: { readonly [name: string]: string };
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Accepts no new request and waits for running ones; those that take longer are cut off. */
  close(drainMs: number): Promise<void>;
}

/** Throws `usage` when the port cannot be opened. */
export async function openHttp({ fetch, answerAtOnce, port, host, option }: HttpOptions): Promise<HttpServer> {
  const listener = getRequestListener((request, env) => {
    const { remoteAddress } = (env as { readonly incoming: IncomingMessage }).incoming.socket;
    return fetch(request, remoteAddress === undefined ? {} : { peerIp: remoteAddress });
  });
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const header = (name: string) => incoming.headers[name.toLowerCase()]?.toString();
    const ready = incoming.method === 'GET' ? answerAtOnce?.(header, incoming.url ?? '') : undefined;
    if (ready) outgoing.writeHead(ready.status, ready.headers).end(ready.body);
    else void listener(incoming, outgoing);
  };
  const turns = answerAtOnce && openTurns();
  const answerInTurn = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const isOpen = () => !outgoing.destroyed;
    const isRead = incoming.method === 'GET' || incoming.method === 'HEAD';
    if (!turns || !isRead) answer(incoming, outgoing);
    else if (!turns.take(() => isOpen() && answer(incoming, outgoing)))
      outgoing.writeHead(503, { 'Retry-After': '5', 'Cache-Control': 'no-store' }).end();
  };
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000 }, answerInTurn);
  server.listen(port, host.replace(/^\[(.*)\]$/, '$1'));
  await listening(server, port, option);
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}`,
    port: address.port,
    close: (drainMs) => drained(server, drainMs),
  };
}

const LISTEN_WORDS: { readonly [code: string]: readonly [why: string, hint?: string] } = {
  EADDRINUSE: ['another program uses it'],
  EACCES: ['this user may not, because ports below 1024 are reserved'],
  EADDRNOTAVAIL: ['this machine does not have that address', 'Name an address of this machine with --host.'],
  EAFNOSUPPORT: ['this machine does not use that kind of address', 'Name an address of this machine with --host.'],
  ENOTFOUND: ['the host name is not known', 'Name an address of this machine with --host.'],
};

function listening(server: Server, port: number, option: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const [why, hint] = LISTEN_WORDS[cause.code ?? ''] ?? [cause.message, `Choose another port with ${option}.`];
      reject(
        new GazetteError('usage', `Port ${port} cannot be opened: ${why}.`, {
          hint: hint ?? `Choose another port with ${option}.`,
          cause,
        }),
      );
    });
  });
}

function drained(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A kept-alive connection becomes idle only when its last answer ends.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
