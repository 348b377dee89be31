/** Puts a server some milliseconds away: each chunk arrives that much later, in both directions together `delayMs`. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

export interface DelayingProxy {
  readonly port: number;
  close(): void;
}

export async function openDelayingProxy(target: NetConnectOpts, delayMs: number): Promise<DelayingProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect(target).setNoDelay(true);
    delay(near, far, delayMs / 2);
    delay(far, near, delayMs / 2);
    for (const socket of [near, far]) sockets.add(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function delay(from: Socket, to: Socket, ms: number): void {
  from.on('data', (chunk) => setTimeout(() => to.destroyed || to.write(chunk), ms));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.end(), ms));
}
