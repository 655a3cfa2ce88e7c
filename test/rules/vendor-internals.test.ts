import { createRequire } from 'node:module';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';
import type { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { afterEach, describe, expect, it } from 'vitest';
import { REPORTS_ENDS } from '../../src/queue.ts';

/**
 * What we lean on inside Nodemailer and pg-boss and no version promises. Where one of these fails after an update, look
 * at relays/smtp-connection.ts, relays/smtp-faults.ts or queue.ts before anything else. What `pg` has only words for is
 * in test/db/pg-errors.db.test.ts, how pg-boss reports the ends of jobs in test/queue.db.test.ts.
 */

/** What a connection or a mail ended in. */
type Told = Error & Record<string, unknown>;

const open: { close: () => unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/**
 * A server that answers as `answers` says to what begins so, with nothing where that is empty; what it hears comes in
 * `heard`.
 */
async function server(
  answers: Record<string, string>,
  greeting: string | null = '220 ready',
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const listening: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting !== null) socket.write(`${greeting}\r\n`);
    let inBody = false;
    socket.on('data', (chunk) => {
      heard.push(chunk.toString('latin1'));
      if (inBody && !/(^|\r\n)\.\r\n$/.test(heard.join(''))) return;
      const said = inBody ? 'DOT' : (heard.at(-1) ?? '');
      inBody = said.startsWith('DATA');
      const answer = Object.entries(answers).find(([verb]) => said.startsWith(verb))?.[1] ?? '250 ok';
      if (answer !== '') socket.write(`${answer}\r\n`);
    });
  });
  open.push({ close: () => (sockets.forEach((socket) => socket.destroy()), listening.close()) });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { port: (listening.address() as AddressInfo).port, heard };
}

const EHLO = { EHLO: '250-hello\r\n250 SIZE 1000', DATA: '354 go on' };

/** Opens a connection of Nodemailer's; rejects with what it tells. */
function connect(port: number, options: SMTPConnectionOptions = {}): Promise<SMTPConnection> {
  const connection = new SMTPConnection({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    socketCloseTimeout: 10,
    ...options,
  });
  open.push(connection);
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

/** What sending a mail of so many octets ends in. */
function send(connection: SMTPConnection, body: object, envelope: object = {}): Promise<string | Told> {
  return new Promise((resolve) => {
    const whole = { from: 'a@example.org', to: ['b@example.org'], size: 10, ...envelope };
    connection.send(whole, body as Readable, (problem, info) =>
      resolve((problem as Told | null) ?? info?.response ?? ''),
    );
  });
}

const told = (asking: Promise<unknown>): Promise<Told> =>
  asking.then(
    () => expect.fail('it worked'),
    (error: unknown) => error as Told,
  );

describe('Nodemailer', () => {
  it('when the connection stands, then its socket is `_socket`, a socket of Node', async () => {
    const { port } = await server(EHLO);
    const connection = await connect(port);
    const socket: unknown = connection._socket;
    expect(socket).toBeInstanceOf(Socket);
    expect(socket).toMatchObject({ writableLength: 0, destroyed: false, writable: true, readable: true });
    expect(connection.destroyed).toBe(false);
    connection.close();
    expect(connection.destroyed).toBe(true);
  });

  it('when it says what it heard last, then that is `lastServerResponse`', async () => {
    const { port } = await server({ EHLO: '500 no', HELO: '500 never' });
    const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true });
    open.push(connection);
    await new Promise((resolve) => {
      connection.once('error', resolve);
      connection.connect(() => {});
    });
    expect(connection.lastServerResponse).toMatch(/^500/);
  });

  it('when DATA is answered, and no sooner, then it pipes whatever has `pipe` into a stream that adds the dot alone', async () => {
    const { port, heard } = await server(EHLO);
    const connection = await connect(port);
    const before: string[] = [];
    let ended = false;
    const reply = await send(connection, {
      pipe(target: NodeJS.WritableStream) {
        before.push(...heard);
        target.once('end', () => (ended = true));
        const socket = connection._socket as Socket;
        socket.write('Subject: x\r\n\r\nHello');
        target.end(); // nothing went through it: it ends the last line and adds the dot
        return target;
      },
    });
    expect(reply).toBe('250 ok');
    expect(before.at(-1)).toBe('DATA\r\n');
    expect(ended).toBe(true);
    expect(heard.slice(before.length).join('')).toBe('Subject: x\r\n\r\nHello\r\n.\r\n');
  });

  it('when a body goes through that stream, then its dots are doubled', async () => {
    const { port, heard } = await server(EHLO);
    const connection = await connect(port);
    await send(connection, {
      pipe: (target: NodeJS.WritableStream) => (target.end(Buffer.from('x\r\n.y\r\n')), target),
    });
    expect(heard.join('')).toContain('x\r\n..y\r\n.\r\n');
  });

  it('when a mail is too large or an envelope cannot be written, then it says EMESSAGE and EENVELOPE and no code of a reply', async () => {
    const { port } = await server(EHLO);
    const connection = await connect(port);
    const large = await send(connection, {}, { size: 2_000 });
    expect(large).toMatchObject({ code: 'EMESSAGE' });
    expect(large).not.toHaveProperty('responseCode');
    const odd = await send(connection, {}, { to: ['b@example.org>'] });
    expect(odd).toMatchObject({ code: 'EENVELOPE' });
    expect(odd).not.toHaveProperty('responseCode');
  });

  it.each([
    ['MAIL FROM', { MAIL: '451 later' }, { command: 'MAIL FROM', responseCode: 451 }],
    ['RCPT TO', { RCPT: '550 nobody' }, { command: 'RCPT TO', responseCode: 550 }],
    ['DATA', { DATA: '452 full' }, { command: 'DATA', responseCode: 452 }],
  ])('when the server refuses at %s, then the command stands in `command`', async (_where, answers, expected) => {
    const { port } = await server({ ...EHLO, ...answers });
    expect(await send(await connect(port), { pipe: (target: unknown) => target })).toMatchObject(expected);
  });

  it('when a wait runs out, then `timeoutType` names it', async () => {
    const silent = await server({ '': '' }, null);
    const waits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000 };
    const timedOut = (options: SMTPConnectionOptions) => told(connect(silent.port, { ...waits, ...options }));
    expect(await timedOut({ greetingTimeout: 30 })).toMatchObject({
      code: 'ETIMEDOUT',
      timeoutType: 'GREETING_TIMEOUT',
    });
    expect(await timedOut({ socketTimeout: 30 })).toMatchObject({ code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT' });
    // TLS from the first byte: the connection counts as made once TLS is agreed, which this server never does.
    const connecting = timedOut({ connectionTimeout: 100, secure: true });
    expect(await connecting).toMatchObject({ code: 'ETIMEDOUT', timeoutType: 'CONNECT_TIMEOUT' });
    const mute = await server({ EHLO: '250-hello\r\n250 STARTTLS', STARTTLS: '220 go', '': '' });
    const upgrading = told(connect(mute.port, { ...waits, greetingTimeout: 200, ignoreTLS: false, requireTLS: true }));
    expect(await upgrading).toMatchObject({ timeoutType: 'UPGRADE_TIMEOUT' });
  });

  it('when the system refuses, then its code is kept beside Nodemailer’s', async () => {
    const { port } = await server(EHLO);
    open.pop()?.close();
    expect(await told(connect(port))).toMatchObject({ code: 'ESOCKET', originalCode: 'ECONNREFUSED' });
  });

  it('when a connection breaks with a mail in it, then the mail hears ECONNECTION or the system’s code', async () => {
    const { port } = await server(EHLO);
    const connection = await connect(port);
    connection.on('error', () => {});
    const sending = send(connection, { pipe: (target: unknown) => target }); // it never ends
    setTimeout(() => open[0]?.close(), 50);
    expect((await sending) as Told).toMatchObject({ code: expect.stringMatching(/^(ECONNECTION|ESOCKET)$/) as string });
  });
});

describe('pg-boss', () => {
  type Plans = Record<'completeJobs' | 'failJobsById' | 'fetchNextJob' | 'insertJob', (schema: string) => unknown>;
  const plans = createRequire(import.meta.url)('pg-boss/src/plans.js') as Plans;

  it('when it reports the end of jobs, then the statement ends as we know it, and no other does', () => {
    expect(plans.completeJobs('pgboss')).toMatch(REPORTS_ENDS);
    expect(plans.failJobsById('pgboss')).toMatch(REPORTS_ENDS);
    const fetching = plans.fetchNextJob('pgboss') as (options: object) => string;
    expect(fetching({})).not.toMatch(REPORTS_ENDS);
    expect(plans.insertJob('pgboss')).not.toMatch(REPORTS_ENDS);
  });
});
