import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** How the receiver behaves; the names are those of the usual ways a receiver fails. */
export type SmtpMode =
  | 'ok'
  | 'greylist'
  | '4xx'
  | '421'
  | 'crowd'
  | 'rate-limited'
  | '5xx-mail'
  | '5xx-rcpt'
  | '5xx-policy'
  | '5xx-data'
  | 'full'
  | 'tempfail-after-data'
  | 'slow-data'
  | 'hang'
  | 'drop-at-rcpt'
  | 'drop-after-dot'
  | 'no-tls'
  | 'auth-fails';

/** A mail the receiver took, whether or not it managed to say so. */
export interface ReceivedMail {
  from: string;
  to: string;
  raw: string;
  messageId: string;
}

/** A receiver on a free port of this machine. */
export interface TestSmtp {
  port: number;
  url: string;
  /** Everything stored, in order. */
  mails: ReceivedMail[];
  /** What was refused: the recipient and the code. */
  failures: { to: string; code: number }[];
  /** Connections accepted so far. */
  connectionsSeen: number;
  /** Connections that ended with QUIT. */
  quits: number;
  /** Most connections it allows at once; the others hear so at the greeting. */
  mostConnections: number;
  /** Most mails that were in DATA at the same time. */
  mostAtOnce: number;
  setMode(mode: SmtpMode): void;
  /** Behaves otherwise towards some recipients; null: as set. */
  modeFor: ((to: string) => SmtpMode | null) | null;
  /** Called when a mail comes to DATA (+1) and when it is answered (-1). */
  onData: ((to: string, change: 1 | -1) => void) | null;
  /** Called for each mail before it is answered. */
  onMail: ((mail: ReceivedMail) => void | Promise<void>) | null;
  close(): Promise<void>;
}

interface StartOptions {
  mode?: SmtpMode;
  port?: number;
  /**
   * Offers STARTTLS, or speaks TLS from the start, with smtp-server's own self-signed certificate; both want
   * ada:secret.
   */
  tls?: 'starttls' | 'implicit';
  /** How long `slow-data` takes and how long `greylist` turns away. */
  slowMs?: number;
}

/** Starts a receiver that behaves as `mode` says. */
export async function startSmtp({ mode = 'ok', port = 0, tls, slowMs = 300 }: StartOptions = {}): Promise<TestSmtp> {
  const sockets = new Map<string, Socket>();
  const admitted = new Set<string>();
  const firstSeenMs = new Map<string, number>();
  let current = mode;
  let inData = 0;
  const wantsAuth = mode === 'auth-fails' || tls !== undefined;

  const refuse = (session: SMTPServerSession, code: number, text: string) => {
    test.failures.push({ to: session.envelope.rcptTo[0]?.address ?? '', code });
    return Object.assign(new Error(text), { responseCode: code });
  };
  const modeTo = (to: string | undefined) => test.modeFor?.(to ?? '') ?? current;
  const drop = (session: SMTPServerSession) => sockets.get(`${session.remoteAddress}:${session.remotePort}`)?.destroy();
  const dropAll = () => sockets.forEach((socket) => socket.destroy());

  async function answerData(mail: ReceivedMail, session: SMTPServerSession): Promise<string> {
    const how = modeTo(mail.to);
    if (how === '5xx-data') throw refuse(session, 554, '5.7.1 Message content rejected');
    if (how === 'tempfail-after-data') throw refuse(session, 451, '4.3.0 Local error');
    if (how === 'hang') await new Promise(() => {});
    if (how === 'slow-data') await new Promise((resolve) => setTimeout(resolve, slowMs));
    test.mails.push(mail);
    await test.onMail?.(mail);
    if (how === 'drop-after-dot') {
      drop(session);
      await new Promise(() => {});
    }
    return `2.0.0 stored ${test.mails.length}`;
  }

  const server = new SMTPServer({
    secure: tls === 'implicit',
    authOptional: !wantsAuth,
    hideSTARTTLS: tls !== 'starttls',
    disabledCommands: [...(wantsAuth ? [] : ['AUTH']), ...(tls === 'starttls' ? [] : ['STARTTLS'])],
    allowInsecureAuth: !tls,
    size: 30 * 1024 * 1024,
    logger: false,
    onConnect: ({ id }, done) => {
      if (admitted.size >= test.mostConnections)
        return done(Object.assign(new Error('4.7.0 Too many concurrent connections'), { responseCode: 421 }));
      admitted.add(id);
      return done();
    },
    onClose: ({ id }) => void admitted.delete(id),
    onAuth: ({ username, password }, _session, done) => {
      if (current !== 'auth-fails' && username === 'ada' && password === 'secret')
        return done(null, { user: username });
      return done(Object.assign(new Error('5.7.8 Wrong password'), { responseCode: 535 }));
    },
    onMailFrom: (_address, session, done) => {
      if (current === '4xx') return done(refuse(session, 451, '4.7.1 Try later'));
      if (current === 'crowd') return done(refuse(session, 421, '4.7.0 Too many concurrent connections'));
      if (current === '5xx-mail') return done(refuse(session, 553, '5.7.1 Sender not welcome'));
      return done();
    },
    onRcptTo: (address, session, done) => {
      const how = modeTo(address.address);
      if (how === '5xx-rcpt') return done(refuse(session, 550, '5.1.1 No such user'));
      if (how === '5xx-policy') return done(refuse(session, 550, '5.7.1 Blocked by policy'));
      if (how === 'full') return done(refuse(session, 452, '4.2.2 Mailbox full'));
      if (how === 'rate-limited') return done(refuse(session, 421, '4.7.0 Too many messages, slow down'));
      if (how === '421') return done(refuse(session, 421, '4.3.2 Going down'));
      if (how === 'drop-at-rcpt') return drop(session);
      if (how === 'greylist') {
        const first = firstSeenMs.get(address.address);
        firstSeenMs.set(address.address, first ?? Date.now());
        if (first === undefined || Date.now() - first < slowMs) return done(refuse(session, 451, '4.7.1 Greylisted'));
      }
      return done();
    },
    onData: (stream, session, done) => {
      test.mostAtOnce = Math.max(test.mostAtOnce, ++inData);
      const to = session.envelope.rcptTo[0]?.address ?? '';
      test.onData?.(to, 1);
      readAll(stream)
        .then((raw) => answerData(receivedMail(raw, session), session))
        .then((text) => done(null, text), done)
        .finally(() => {
          inData -= 1;
          test.onData?.(to, -1);
        });
    },
  });
  server.on('error', () => {}); // the sender cutting a line is part of the play
  server.server.on('connection', (socket: Socket) => {
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    test.connectionsSeen += 1;
    sockets.set(peer, socket);
    socket.on('data', (chunk: Buffer) => (test.quits += Number(chunk.toString('latin1') === 'QUIT\r\n')));
    socket.on('close', () => sockets.delete(peer));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = (server.server.address() as AddressInfo).port;
  const test: TestSmtp = {
    port: at,
    url: `${tls === 'implicit' ? 'smtps' : 'smtp'}://${wantsAuth ? 'ada:secret@' : ''}127.0.0.1:${at}`,
    mails: [],
    failures: [],
    connectionsSeen: 0,
    quits: 0,
    mostConnections: Infinity,
    mostAtOnce: 0,
    onData: null,
    onMail: null,
    modeFor: null,
    setMode: (next) => (current = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        dropAll();
      }),
  };
  return test;
}

async function readAll(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

function receivedMail(raw: string, session: SMTPServerSession): ReceivedMail {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo[0]?.address ?? '',
    raw,
    messageId: /^message-id: *(.+?)\r?$/im.exec(raw)?.[1] ?? '',
  };
}
