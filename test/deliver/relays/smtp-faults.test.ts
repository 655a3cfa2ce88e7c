import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { loadConfig } from '../../../src/config.ts';
import { smtpFault } from '../../../src/deliver/relays/smtp-faults.ts';
import { createSmtpMailer } from '../../../src/deliver/relays/smtp-mailer.ts';
import { AUTHORITY, EXPIRED, GOOD, KEY, OTHER_NAME, SELF_SIGNED } from './certificates.ts';

const PASSWORD = 'hunter2';
const open: { close: (done?: () => void) => unknown }[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of open.splice(0)) server.close();
});

/** Starts a real receiver that knows one user, ada; returns its port. */
async function receiver(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    onAuth: ({ password }, _session, done) => {
      if (password === PASSWORD) return done(null, { user: 'ada' });
      return done(Object.assign(new Error('5.7.8 Wrong, it seems'), { responseCode: 535 }));
    },
    ...options,
  });
  server.on('error', () => {});
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}

/** Starts a server that does what `play` does with each connection; returns its port. */
async function actor(play: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    play(socket);
  });
  open.push({ close: () => (sockets.forEach((socket) => socket.destroy()), server.close()) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that greets, offers these extensions and answers everything else the same. */
const dialogue = (extensions: string, answer: string, greeting = '220 ready') =>
  actor((socket) => {
    socket.write(`${greeting}\r\n`);
    socket.on('data', (chunk) =>
      socket.write(/^EHLO/.test(String(chunk)) ? `250-hello\r\n250 ${extensions}\r\n` : `${answer}\r\n`),
    );
  });

/** What is said where the server at SMTP_URL cannot be used. */
async function fault(url: string, settings: Record<string, string> = {}): Promise<string> {
  const config = loadConfig({
    PUBLIC_URL: 'https://papers.example.org',
    SMTP_URL: url,
    SMTP_TIMEOUT_SECONDS: '1',
    ...settings,
  });
  try {
    await (await createSmtpMailer(config, config.SMTP_URL ?? []).relays[0]!.connect()).close();
    return 'it works';
  } catch (error) {
    const said = (error as Error).message;
    expect(said).not.toContain(PASSWORD);
    expect(said).not.toMatch(/[\r\n]/);
    return said;
  }
}

const ca = `tls.ca=${encodeURIComponent(AUTHORITY)}`;
const plain: SMTPServerOptions = { hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true };

describe('TLS from the start, or STARTTLS', () => {
  it('when smtps:// meets plain SMTP, then smtp:// is advised', async () => {
    const port = await receiver(plain);
    expect(await fault(`smtps://127.0.0.1:${port}`)).toMatch(
      `127.0.0.1:${port} speaks plain SMTP, and smtps:// begins with TLS`,
    );
    expect(await fault(`smtps://127.0.0.1:${port}`)).toMatch(`try smtp://127.0.0.1:${port}`);
  });

  it.each(['the greeting', 'the socket'])(
    'when smtp:// meets a server that waits for TLS, then smtps:// is advised, though the wait of %s ends first',
    async (first) => {
      const port = await receiver({ secure: true });
      // What is left for the greeting is reckoned from the clock: one that stands, or a connection within its
      // millisecond, leaves it as much as the socket, whose timer was set before. Where the clock has moved, the
      // greeting has less.
      let nowMs = Date.now();
      vi.spyOn(Date, 'now').mockImplementation(() => (first === 'the socket' ? nowMs : (nowMs += 5)));
      // Long enough that a busy machine connects before it: what is meant is the wait after that.
      const said = await fault(`smtp://127.0.0.1:${port}`, { SMTP_TIMEOUT_SECONDS: '4' });
      expect(said).toMatch(/never greeted \(timeout\): a server that begins with TLS, as on port 465/);
      expect(said).toMatch(`try smtps://127.0.0.1:${port}`);
    },
  );

  it.each<[string, (socket: Socket) => void]>([
    ['ends', (socket) => socket.end()],
    ['is reset', (socket) => setTimeout(() => socket.resetAndDestroy(), 50)],
  ])('when the connection %s without a word, then either way is named', async (_how, play) => {
    const port = await actor(play);
    expect(await fault(`smtp://127.0.0.1:${port}`)).toMatch(
      `without a greeting: a server that begins with TLS, as on port 465, waits for us; try smtps://127.0.0.1:${port}`,
    );
    expect(await fault(`smtps://127.0.0.1:${port}`)).toMatch(
      `before TLS was agreed: if it speaks plain SMTP there, try smtp://127.0.0.1:${port}`,
    );
  });

  it('when STARTTLS is demanded and not offered, then it says so with the words of the server', async () => {
    const port = await receiver(plain);
    const said = await fault(`smtp://ada:${PASSWORD}@127.0.0.1:${port}?requireTLS=true`);
    expect(said).toMatch(/offers no STARTTLS \(«500 Error: command not recognized»\), and it is demanded/);
    expect(said).toMatch(/smtps:\/\/.*ignoreTLS=true/);
  });

  it('when STARTTLS cannot begin just now, or begins with something else, then that is said', async () => {
    const busy = await dialogue('STARTTLS', '454 4.7.0 TLS not available');
    expect(await fault(`smtp://127.0.0.1:${busy}?requireTLS=true`)).toMatch(
      /cannot begin TLS now \(«454 4\.7\.0 TLS not available»\)/,
    );
    const odd = await dialogue('STARTTLS', '220 go');
    expect(await fault(`smtp://127.0.0.1:${odd}?requireTLS=true`)).toMatch(/answers to STARTTLS is no TLS/);
  });
});

describe('certificates', () => {
  it.each([
    ['implicit', { secure: true }, 'smtps', ''],
    ['STARTTLS', {}, 'smtp', '&requireTLS=true'],
  ])('when one cannot be trusted (%s), then it says why and what to do', async (_how, options, scheme, more) => {
    const say = async (cert: string, query: string) =>
      fault(`${scheme}://127.0.0.1:${await receiver({ ...options, key: KEY, cert })}?${query}${more}`);
    expect(await say(GOOD, ca)).toBe('it works');
    expect(await say(EXPIRED, ca)).toMatch(/the certificate of 127\.0\.0\.1:\d+ has expired: renew it there/);
    expect(await say(OTHER_NAME, ca)).toMatch(
      /is for another name \(DNS:other\.example\.org\): write that name as the host.*tls\.servername=/,
    );
    expect(await say(GOOD, 'weight=1')).toMatch(
      /authority that this machine does not know.*NODE_EXTRA_CA_CERTS.*\?tls\.rejectUnauthorized=false/,
    );
    expect(await say(SELF_SIGNED, 'weight=1')).toMatch(
      /is self-signed: nobody vouches for it.*\?tls\.rejectUnauthorized=false/,
    );
    expect(await say(SELF_SIGNED, 'tls.rejectUnauthorized=false')).toBe('it works');
  });
});

describe('logging in', () => {
  const login = (port: number, query = '') => fault(`smtp://ada:${PASSWORD}@127.0.0.1:${port}${query}`);

  it('when AUTH comes only after STARTTLS, then it says so, and the advice works', async () => {
    const port = await receiver({ authOptional: false });
    expect(await login(port)).toMatch(
      /lets nobody log in before STARTTLS \(«538 .*STARTTLS.*»\): add \?requireTLS=true/,
    );
    expect(await login(port, '?ignoreTLS=true')).toMatch(/lets nobody log in before STARTTLS/);
    expect(await login(port, '?requireTLS=true&tls.rejectUnauthorized=false')).toBe('it works');
    const other = await dialogue('AUTH PLAIN', '530 5.7.0 Must issue a STARTTLS command first');
    expect(await login(other)).toMatch(/before STARTTLS \(«530 5\.7\.0 Must issue a STARTTLS command first»\)/);
  });

  it('when user or password is wrong, then it says so and how they are escaped, in the words of the server', async () => {
    const port = await receiver(plain);
    const said = await fault(`smtp://ada:wrong%25@127.0.0.1:${port}`);
    expect(said).toMatch(
      /refuses the user or the password \(«535 5\.7\.8 Wrong, it seems»\).*@ : \/ # \? % are written %40 %3A %2F %23 %3F %25/,
    );
  });

  it('when there is a user alone, or no login at all, then it says so', async () => {
    expect(await fault(`smtp://ada@127.0.0.1:${await receiver(plain)}`)).toMatch(/names no user or no password/);
    expect(await login(await receiver({ ...plain, disabledCommands: ['AUTH', 'STARTTLS'] }))).toMatch(
      /offers no login of this kind .*587 or 465/,
    );
  });

  it('when the password cannot be checked now, or another one is wanted, then the words of the server say it, without the password', async () => {
    const later = await dialogue('AUTH PLAIN', '454 4.7.0 Temporary authentication failure');
    expect(await login(later)).toMatch(/cannot check the password now \(«454 4\.7\.0/);
    const echo = Buffer.from(`\0ada\0${PASSWORD}`).toString('base64');
    const app = await dialogue('AUTH PLAIN', `534 5.7.9 ${PASSWORD} is none for programs: AUTH PLAIN ${echo}`);
    expect(await login(app)).toMatch('«534 5.7.9 *** is none for programs: AUTH PLAIN ***»');
  });
});

describe('who answers, and who does not', () => {
  it('when nobody listens, no such host is known, or nothing comes back, then it says so', async () => {
    const gone = await actor(() => {});
    open.pop()?.close();
    expect(await fault(`smtp://127.0.0.1:${gone}`)).toMatch(
      `nothing listens at 127.0.0.1:${gone} (connection refused, ECONNREFUSED): check host and port`,
    );
    expect(await fault(`smtp://ada:${PASSWORD}@no-such-host.invalid:587`)).toMatch(
      /(there is no host no-such-host\.invalid|the name of no-such-host\.invalid:587 could not be looked up)/,
    );
    const deaf = await actor((socket) => socket.write('220 ready\r\n'));
    expect(await fault(`smtp://127.0.0.1:${deaf}`)).toMatch(
      /fell silent after «220 ready» \(timeout\).*SMTP_TIMEOUT_SECONDS/,
    );
  });

  it.each([
    [
      '554 5.7.1 192.0.2.1 is listed',
      /turns this machine away at its greeting \(«554 5\.7\.1 192\.0\.2\.1 is listed»\)/,
    ],
    [
      '421 4.7.0 Too many connections',
      /takes no connection now \(«421 4\.7\.0 Too many connections»\).*SEND_CONNECTIONS/,
    ],
    ['SSH-2.0-OpenSSH_9', /what answers at 127\.0\.0\.1:\d+ is no mail server \(«SSH-2\.0-OpenSSH_9»\)/],
  ])('when the greeting is %s, then it says what that means', async (greeting, words) => {
    expect(await fault(`smtp://127.0.0.1:${await dialogue('HELP', '250 ok', greeting)}`)).toMatch(words);
  });

  it('when our name in EHLO is refused, then it names it and the setting', async () => {
    const port = await actor((socket) => {
      socket.write('220 ready\r\n');
      socket.on('data', () => socket.write('504 5.5.2 Helo command rejected: need fully-qualified hostname\r\n'));
    });
    expect(await fault(`smtp://127.0.0.1:${port}`)).toMatch(
      /refuses our name in EHLO, papers\.example\.org \(«504 5\.5\.2 Helo.*»\): set EHLO_NAME/,
    );
  });

  it.each([
    [
      'EHOSTUNREACH',
      'connect EHOSTUNREACH',
      /mail\.example\.org:587 cannot be reached from this machine \(EHOSTUNREACH\)/,
    ],
    ['ETIMEDOUT', 'Connection timeout', /mail\.example\.org:587 does not answer \(timeout\).*firewall/],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND', /there is no host mail\.example\.org \(not found in DNS, ENOTFOUND\)/],
    ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN', /could not be looked up \(EAI_AGAIN\)/],
    ['ECONNRESET', 'read ECONNRESET', /smtps:\/\/mail\.example\.org:465/],
  ])('when the system says %s, then it is put in words', (originalCode, message, words) => {
    const problem = Object.assign(new Error(message), { code: 'ESOCKET', originalCode });
    expect(smtpFault(problem, { host: 'mail.example.org', port: 587, secure: false, name: 'a.example' })).toMatch(
      words,
    );
  });
});
