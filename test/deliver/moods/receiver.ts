import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a mood knows when a command comes. */
export interface Moment {
  to: string;
  /** Mails this session has carried. */
  carried: number;
  /** Mails the receiver has taken. */
  taken: number;
  /** Sessions that are open. */
  open: number;
  /** The pretended time, in milliseconds since the receiver was opened. */
  atMs: number;
  /** Real time, for rates. */
  realMs: number;
}

/** A refusal in words, or `close`, which ends the connection without one. Null: all is well. */
export type Answer = string | null;

type Say = (moment: Moment) => Answer;

/** How a receiver behaves. */
export interface Mood {
  greeting?: Say;
  ehlo?: Say;
  auth?: Say;
  mail?: Say;
  rcpt?: Say;
  /** Said to the DATA command. */
  data?: Say;
  /** Said after the final dot. */
  reply?: Say;
}

/** A receiver in a mood. */
export interface MoodyReceiver {
  url: string;
  /** Recipients whose mail it took, in order. */
  taken: string[];
  refused: number;
  connections: number;
  close(): Promise<void>;
}

/** What is said where nothing is wrong. */
const FINE: Record<keyof Mood, string> = {
  greeting: '220 moody',
  ehlo: '250-moody\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME',
  auth: '235 welcome',
  mail: '250 ok',
  rcpt: '250 ok',
  data: '354 go on',
  reply: '250 taken',
};
const VERBS: Record<string, keyof Mood> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
};
const END = '\r\n.\r\n';

/** Opens a receiver on a free port; `nowMs` is the pretended time. */
export async function openMoody(mood: Mood, nowMs: () => number): Promise<MoodyReceiver> {
  const openedMs = nowMs();
  const sockets = new Set<Socket>();
  const receiver: MoodyReceiver = { url: '', taken: [], refused: 0, connections: 0, close: () => Promise.resolve() };

  function talk(socket: Socket): void {
    let [heard, to, inBody, carried] = ['', '', false, 0];

    /** True where all is well. */
    function answer(stage: keyof Mood): boolean {
      const moment = { to, carried, taken: receiver.taken.length, open: sockets.size, atMs: nowMs() - openedMs };
      const said = mood[stage]?.({ ...moment, realMs: performance.now() }) ?? null;
      if (said === 'close') socket.destroy();
      else socket.write(`${said ?? FINE[stage]}\r\n`);
      // RFC 5321 3.8: who says 421 closes the channel.
      if (said?.startsWith('421') || (said && stage === 'greeting')) socket.end();
      receiver.refused += Number(said !== null);
      return said === null;
    }

    function take(): void {
      inBody = false;
      if (!answer('reply')) return;
      carried += 1;
      receiver.taken.push(to);
    }

    function obey(line: string): void {
      const stage = VERBS[line.slice(0, 4).toUpperCase()];
      if (/^rcpt/i.test(line)) to = /<(.*?)>/.exec(line)?.[1] ?? '';
      if (stage) inBody = answer(stage) && stage === 'data';
      else socket.write(/^quit/i.test(line) ? '221 bye\r\n' : '250 ok\r\n');
      if (/^quit/i.test(line)) socket.end();
    }

    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      for (;;) {
        const mark = inBody ? END : '\r\n';
        const end = heard.indexOf(mark);
        if (end < 0 || socket.destroyed || socket.writableEnded) return;
        const line = heard.slice(0, end);
        heard = heard.slice(end + mark.length);
        if (inBody) take();
        else obey(line);
      }
    });
    answer('greeting');
  }

  const server = createServer((socket) => {
    receiver.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    });
  return receiver;
}
