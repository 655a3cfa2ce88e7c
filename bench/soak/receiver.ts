import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail of which a report comes back, or whose reader leaves. */
export interface KeptMail {
  /** Where it is returned to. */
  from: string;
  to: string;
  /** One-click address; null where it has none. */
  leave: string | null;
}

/** A mail server that takes everything and keeps every n-th. */
export interface SoakReceiver {
  url: string;
  taken(): number;
  /** Takes what was kept since. */
  next(): KeptMail[];
  stop(): Promise<void>;
}

const HEAD_BYTES = 8_000;

/** Starts a mail server that counts what it takes, and keeps every so many-th mail to be dealt with. */
export async function startSoakReceiver(everyNth: number): Promise<SoakReceiver> {
  const kept: KeptMail[] = [];
  let taken = 0;
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true },
    onData(stream, { envelope }, done) {
      let head = '';
      stream.on('data', (chunk: Buffer) => {
        if (head.length < HEAD_BYTES) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        if (++taken % everyNth === 0) {
          const leave = /^List-Unsubscribe:[^<]*<(https?:[^>]+)>/im.exec(head.replace(/\r\n[ \t]+/g, ' '))?.[1] ?? null;
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          kept.push({ from, to: envelope.rcptTo[0]?.address ?? '', leave });
        }
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    taken: () => taken,
    next: () => kept.splice(0),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
