import { createSocket } from 'node:dgram';

/** Records by name, in small letters: `TXT text`, `A 192.0.2.1`, `MX 10 mail.example.org`, `PTR mail.example.org`. */
export type Zone = Record<string, string[]>;

/** A name server on loopback that knows a zone and nothing else. */
export interface TestDns {
  /** As `--dns` takes it. */
  server: string;
  zone: Zone;
  /** Answers by a code of RFC 1035 4.1.1 where one is returned: 2 fails, 5 refuses. */
  fault: (name: string) => number | null;
  close(): void;
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' };

/** Starts a name server (RFC 1035, over UDP); what it does not know does not exist. */
export async function startDns(zone: Zone): Promise<TestDns> {
  const socket = createSocket('udp4');
  const dns: TestDns = { server: '', zone, fault: () => null, close: () => socket.close() };
  socket.on('message', (asked, { port, address }) => socket.send(answerTo(asked, dns), port, address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  dns.server = `127.0.0.1:${socket.address().port}`;
  return dns;
}

/** Starts a name server that hears everything and never answers; `asked` counts. */
export async function startMuteDns(): Promise<Pick<TestDns, 'server' | 'close'> & { asked: () => number }> {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', () => asked++);
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { server: `127.0.0.1:${socket.address().port}`, close: () => socket.close(), asked: () => asked };
}

function answerTo(asked: Buffer, { zone, fault }: TestDns): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = asked[at]!; length > 0; length = asked[at]!) {
    labels.push(asked.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = asked.readUInt16BE(at + 1);
  const question = asked.subarray(12, at + 5);
  const name = labels.join('.').toLowerCase();
  const code = fault(name);
  const records = code === null ? zone[name] : undefined;
  const found = (records ?? []).filter((record) => record.startsWith(`${TYPES[type] ?? '?'} `));
  const header = Buffer.alloc(12);
  header.writeUInt16BE(asked.readUInt16BE(0), 0);
  header.writeUInt16BE(0x8580 + (records ? 0 : (code ?? 3)), 2); // an answer of who knows; NXDOMAIN
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  const answers = found.map((record) => {
    const data = dataOf(record);
    const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255]);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, question, ...answers]);
}

function dataOf(record: string): Buffer {
  const [, type = '', value = ''] = /^(\w+) (.*)$/.exec(record) ?? [];
  if (type === 'A') return Buffer.from(value.split('.').map(Number));
  if (type === 'PTR') return nameOf(value);
  if (type === 'MX')
    return Buffer.concat([Buffer.from([0, Number(value.split(' ')[0])]), nameOf(value.split(' ')[1] ?? '')]);
  const text = Buffer.from(value);
  const parts = Array.from({ length: Math.max(1, Math.ceil(text.length / 255)) }, (_, n) =>
    text.subarray(n * 255, n * 255 + 255),
  );
  return Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part]));
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([...labels, Buffer.from([0])]);
}
