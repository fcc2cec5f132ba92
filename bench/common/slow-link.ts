import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to an address that takes time. */
export interface SlowLink {
  readonly port: number;
  close(): void;
}

/** Listens on a port of this machine and carries what comes to an address, half a round trip late each way. */
export async function slowLink(host: string, port: number, roundTrip: number): Promise<SlowLink> {
  const server = createServer((near) => {
    // What TCP's own handshake would cost: the far end hears nothing before.
    setTimeout(() => {
      const far = connect(port, host);
      far.setNoDelay(true);
      near.setNoDelay(true);
      late(near, far, roundTrip / 2);
      late(far, near, roundTrip / 2);
    }, roundTrip);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

function late(from: Socket, to: Socket, milliseconds: number): void {
  from.on('data', (chunk: Buffer) => setTimeout(() => to.writable && to.write(chunk), milliseconds));
  from.on('close', () => setTimeout(() => to.end(), milliseconds));
  from.on('error', () => undefined);
}
