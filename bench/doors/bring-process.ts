/**
 * Who brings things to a door, in a process of its own: a mail server with many sessions, or a provider. It reads what
 * to bring from its parent, says it is ready, goes when it is told to, and says how long it took.
 */
import { createHmac, sign } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { returned, sendgridBody, genericBody } from './events.ts';
import type { Brought, Errand } from './errand.ts';

/** The port ends a session that brings 1,000. */
const MOST_IN_A_SESSION = 900;

const [errand] = (await once(process, 'message')) as [Errand];
const { count, atOnce, perSecond } = errand;
const bring = errand.door === 'smtp' ? await openSessions(errand) : openProvider(errand);
process.send?.('ready');
await once(process, 'message');
const startedMs = performance.now();
const startedCpu = process.cpuUsage();
let next = 1;
await Promise.all(Array.from({ length: atOnce }, (_, session) => bringOn(session)));
const { user, system } = process.cpuUsage(startedCpu);
process.send?.({ tookMs: performance.now() - startedMs, cpuMs: (user + system) / 1_000 } satisfies Brought);
process.disconnect();

/** Brings one after the other, no sooner than the pace allows. */
async function bringOn(session: number): Promise<void> {
  for (let first = next; first <= count; first = next) {
    next += errand.inOne;
    const waitMs = perSecond === null ? 0 : (first / perSecond) * 1_000 - (performance.now() - startedMs);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await bring(session, first);
  }
}

/** Opens sessions that send commands together as far as SMTP lets them (RFC 2920). */
async function openSessions({ port, tokens, domain }: Errand): Promise<(session: number, n: number) => Promise<void>> {
  const sessions = await Promise.all(Array.from({ length: atOnce }, () => openSession(port)));
  const sent = sessions.map(() => 0);
  return async (session, n) => {
    const { recipient, mail } = returned(n, `b+${tokens[(n - 1) % tokens.length]}@${domain}`);
    if ((sent[session] = (sent[session] ?? 0) + 1) % MOST_IN_A_SESSION === 0) {
      await sessions[session]?.('QUIT', '221');
      sessions[session] = await openSession(port);
    }
    const say = sessions[session];
    await say?.(`MAIL FROM:<>\r\nRCPT TO:<${recipient}>\r\nDATA`, '354');
    await say?.(`${mail.replaceAll('\n', '\r\n')}.`, '250');
  };
}

async function openSession(port: number): Promise<(lines: string, expected: string) => Promise<void>> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let [heard, wake] = ['', () => {}];
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    wake();
  });
  const say = async (lines: string, expected: string) => {
    if (lines !== '') socket.write(`${lines}\r\n`);
    const isAnswered = new RegExp(`^${expected} .*\\r\\n$`, 'm');
    while (!isAnswered.test(heard)) {
      if (/^[45]\d\d/m.test(heard)) throw new Error(`${lines.slice(0, 80)}: ${heard}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
    heard = '';
  };
  await say('', '220');
  await say('EHLO relay.bench.example', '250');
  return say;
}

/** Posts signed bodies over kept connections. */
function openProvider({
  port,
  door,
  tokens,
  secret,
  inOne,
  timestamp,
}: Errand): (session: number, n: number) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  return async (_, first) => {
    const size = Math.min(inOne, count - first + 1);
    const some = Array.from({ length: size }, (__, at) => {
      return { n: first + at, token: tokens[(first + at - 1) % tokens.length] ?? '' };
    });
    const { body, headers } = door === 'sendgrid' ? bySendgrid(sendgridBody(some)) : generic(genericBody(some), first);
    const sent = request({ port, agent, method: 'POST', path: `/webhooks/${door}`, headers });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode !== 200) throw new Error(`${door} answered ${answer.statusCode}`);
  };

  function bySendgrid(body: string) {
    const signature = sign('sha256', Buffer.from(timestamp + body), secret).toString('base64');
    const name = 'x-twilio-email-event-webhook';
    return { body, headers: { [`${name}-signature`]: signature, [`${name}-timestamp`]: timestamp } };
  }

  function generic(body: string, n: number) {
    const id = `message-${n}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return { body, headers };
  }
}
