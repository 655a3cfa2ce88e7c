import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What a mood knows when a command comes. */
export interface Moment {
  to: string;
  /** Mails this session has carried. */
  carried: number;
  /** Mails the receiver has taken. */
  taken: number;
  /** The pretended time, in milliseconds since the receiver was opened. */
  atMs: number;
  /** Real time, for rates. */
  realMs: number;
}

/** A refusal in words, or `close`, which ends the connection without one. Null: all is well. */
export type Answer = string | null;

/** How a receiver behaves. */
export interface Mood {
  mail?: (moment: Moment) => Answer;
  rcpt?: (moment: Moment) => Answer;
  data?: (moment: Moment) => Answer;
  /** Said after the final dot. */
  reply?: (moment: Moment) => Answer;
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

/** Opens a receiver on a free port; `nowMs` is the pretended time. */
export async function openMoody(mood: Mood, nowMs: () => number): Promise<MoodyReceiver> {
  const openedMs = nowMs();
  const carried = new Map<string, number>();
  const sockets = new Map<string, Socket>();
  const receiver: MoodyReceiver = { url: '', taken: [], refused: 0, connections: 0, close: () => Promise.resolve() };

  function momentOf(session: SMTPServerSession): Moment {
    const to = session.envelope.rcptTo[0]?.address ?? '';
    const atMs = nowMs() - openedMs;
    return { to, carried: carried.get(session.id) ?? 0, taken: receiver.taken.length, atMs, realMs: performance.now() };
  }

  function answer(say: Mood['mail'], session: SMTPServerSession, done: (error?: Error | null) => void, to?: string) {
    const said = say?.({ ...momentOf(session), ...(to === undefined ? {} : { to }) }) ?? null;
    if (said === null) return done();
    receiver.refused += 1;
    if (said === 'close') return void sockets.get(`${session.remoteAddress}:${session.remotePort}`)?.destroy();
    done(Object.assign(new Error(said.slice(4)), { responseCode: Number(said.slice(0, 3)) }));
    // RFC 5321 3.8: who says 421 closes the channel.
    if (said.startsWith('421')) sockets.get(`${session.remoteAddress}:${session.remotePort}`)?.end();
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    hideSTARTTLS: true,
    logger: false,
    onMailFrom: (_from, session, done) => answer(mood.mail, session, done),
    onRcptTo: (to, session, done) => answer(mood.rcpt, session, done, to.address),
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        answer(mood.data ?? mood.reply, session, (error) => {
          if (error) return done(error);
          carried.set(session.id, (carried.get(session.id) ?? 0) + 1);
          receiver.taken.push(session.envelope.rcptTo[0]?.address ?? '');
          done(null, 'taken');
        });
      });
    },
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    receiver.connections += 1;
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    });
  return receiver;
}
