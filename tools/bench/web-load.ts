/** Clients that ask for pages over kept-alive connections. They parse as little as possible, so that the server is what is measured. */
import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly clients: number;
  /** A whole request for each turn. */
  request(turn: number): string;
  /** The load ends after this time, or so many answers. */
  readonly seconds?: number;
  readonly answers?: number;
  /** Requests a second of all clients together; as fast as they can when absent. */
  readonly perSecond?: number;
  /** Aborted: the load ends. */
  readonly signal?: AbortSignal;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Answers by status. */
  readonly statuses: { readonly [status: string]: number };
}

export function getRequest(path: string, headers: readonly string[] = []): string {
  return [`GET ${path} HTTP/1.1`, 'Host: news.example.org', ...headers, '', ''].join('\r\n');
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const { clients, seconds = Number.POSITIVE_INFINITY, answers = Number.POSITIVE_INFINITY, perSecond } = load;
  const startedMs = performance.now();
  const times: number[] = [];
  const statuses: { [status: string]: number } = {};
  let turn = 0;
  let done = 0;
  const isOver = () =>
    turn >= answers || performance.now() - startedMs >= seconds * 1000 || load.signal?.aborted === true;
  const client = async () => {
    const connection = await openConnection(load.port);
    while (!isOver()) {
      const mine = turn;
      turn += 1;
      if (perSecond !== undefined) await until(startedMs + (mine * 1000) / perSecond);
      const askedMs = performance.now();
      const status = await connection.ask(load.request(mine));
      times.push(performance.now() - askedMs);
      statuses[status] = (statuses[status] ?? 0) + 1;
      done += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  times.sort((one, other) => one - other);
  return {
    answers: done,
    perSecond: (done * 1000) / (performance.now() - startedMs),
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    statuses,
  };
}

function until(atMs: number): Promise<void> | undefined {
  const waitMs = atMs - performance.now();
  return waitMs > 1 ? new Promise((resolve) => setTimeout(resolve, waitMs)) : undefined;
}

interface Connection {
  /** Gives the status. */
  ask(request: string): Promise<string>;
  close(): void;
}

function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let head = '';
    let left = -1;
    let status = '';
    let answered: ((status: string) => void) | undefined;
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      let from = 0;
      if (left < 0) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        status = head.slice(9, 12);
        const length = status === '304' ? '0' : /content-length: (\d+)/i.exec(head.slice(0, end))?.[1];
        if (length === undefined) return reject(new Error(`An answer without a length:\n${head.slice(0, end)}`));
        left = Number(length);
        from = chunk.length - (head.length - end - 4);
      }
      left -= chunk.length - from;
      if (left > 0) return;
      head = '';
      left = -1;
      answered?.(status);
    });
    socket.on('connect', () =>
      resolve({
        ask: (request) =>
          new Promise((answer) => {
            answered = answer;
            socket.write(request);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}
