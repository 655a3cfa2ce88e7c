import { tellOperator } from '../alarms.ts';
import { askCircuit, closeCircuit, openCircuit } from '../db/sending-circuit.ts';
import { messageOf } from '../lib/errors.ts';
import type { MailConnection, Relay, SendResult } from '../model/mail.ts';
import type { Verdict } from './classify-reply.ts';
import { createHealth, type Health } from './health.ts';
import { firstPauseSeconds } from './run-circuit.ts';
import type { WorkerRun } from './worker-run.ts';

/** The mail servers as one run uses them. */
export interface Relays {
  /** Opens a line to the server that has least for its weight; one that cannot be reached is passed over. Rejects where none is left. */
  connect(): Promise<MailConnection>;
  /** Notes a result; returns what is wrong once too many failed and there is no other server. */
  note(connection: MailConnection, result: SendResult, verdict: Verdict): string | null;
}

/** A mail server in the course of a run. */
interface Used {
  relay: Relay;
  /** Lines that are open or being opened, and those that have been opened. */
  lines: number;
  open: number;
  health: Health;
  /** Its circuit is not closed: the first mail that gets through closes it. */
  onProbe: boolean;
  /** Being, or having been, left out by this run. */
  leaving: Promise<void> | null;
}

/**
 * Shares the lines of a run out among the mail servers. One that fails is left out by all processes, by a circuit of its own, while
 * there are others; which is asked at each connection. With one server there is the circuit of all mail alone.
 */
export function openRelays(run: WorkerRun): Relays {
  const { ctx, probe } = run;
  const health = () => createHealth({ connections: ctx.mailer.connections, probe });
  const all = ctx.mailer.relays.map((relay): Used => {
    return { relay, lines: 0, open: 0, health: health(), onProbe: false, leaving: null };
  });
  const alone = all.length === 1;
  const userOf = new WeakMap<MailConnection, Used>();

  async function connect(): Promise<MailConnection> {
    const problems: string[] = [];
    for (let left = alone || probe ? all : await inUse(); ;) {
      const used = leastLoaded(left);
      if (!used) break;
      left = left.filter((other) => other !== used);
      used.lines += 1;
      try {
        const connection = watched(used, await used.relay.connect());
        used.open += 1;
        userOf.set(connection, used);
        return connection;
      } catch (error) {
        used.lines -= 1;
        problems.push(`${alone ? '' : `${used.relay.name}: `}${messageOf(error)}`);
        // One that has lines open is full, not gone.
        if (!alone && used.open === 0) await leaveOut(used, messageOf(error));
      }
    }
    throw new Error(problems.join('; ') || 'no mail server is in use');
  }

  /** Those whose circuit is closed, and those whose turn it is to be tried again. */
  async function inUse(): Promise<Used[]> {
    const found: Used[] = [];
    for (const used of all) {
      await used.leaving;
      const { state } = await askCircuit(ctx.db, circuitOf(used.relay));
      if (state === 'open') continue;
      if (used.leaving || state === 'probe') {
        used.leaving = null;
        used.onProbe = state === 'probe';
        used.health = createHealth({ connections: ctx.mailer.connections, probe: used.onProbe });
      }
      found.push(used);
    }
    return found;
  }

  function leaveOut(used: Used, problem: string): Promise<void> {
    used.leaving ??= (async () => {
      const openedAt = await openCircuit(ctx.db, problem, firstPauseSeconds(run), circuitOf(used.relay));
      if (openedAt) await tellOfRelay(run, used.relay.name, problem, openedAt);
    })();
    return used.leaving;
  }

  return { connect, note };

  function note(connection: MailConnection, result: SendResult, verdict: Verdict): string | null {
    const used = userOf.get(connection);
    if (!used) return null;
    const problem = used.health.note(result, verdict);
    if (problem && (alone || probe || all.every((other) => other === used || other.leaving !== null))) return problem;
    if (problem) inBackground(leaveOut(used, problem));
    else if (!alone && (verdict.state === 'sent' || verdict.suppress) && (used.onProbe || probe)) {
      used.onProbe = false;
      inBackground(closeCircuit(ctx.db, circuitOf(used.relay)));
    }
    return null;
  }

  function inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => ctx.log.warn({ problem: messageOf(error) }, 'the circuit of a mail server'));
  }
}

/** Counts the line until it is closed, and gives it up once its server is left out. */
function watched(used: Used, connection: MailConnection): MailConnection {
  let open = true;
  return {
    send: (mail) => connection.send(mail),
    usable: () => !used.leaving && connection.usable?.() !== false,
    close: () => {
      if (open) {
        used.lines -= 1;
        used.open -= 1;
      }
      open = false;
      return connection.close();
    },
  };
}

/** The one that is to be tried again comes first: nobody else may try it now. */
function leastLoaded(relays: readonly Used[]): Used | undefined {
  const load = ({ lines, relay, onProbe }: Used) => (onProbe ? 0 : (lines + 1) / relay.weight);
  return relays.reduce<Used | undefined>((best, next) => (best && load(best) <= load(next) ? best : next), undefined);
}

function circuitOf({ name }: Relay): string {
  return `relay:${name}`;
}

async function tellOfRelay({ ctx }: WorkerRun, name: string, problem: string, openedAt: Date): Promise<void> {
  ctx.log.error({ relay: name, problem }, 'a mail server is left out');
  await tellOperator(ctx, `relay:${name}:${openedAt.toISOString()}`, `The mail server ${name} is left out`, [
    `Since ${openedAt.toISOString()} nothing goes through ${name}: ${problem}`,
    'Mail goes through the others. One is tried there from time to time; when it goes through, the server is used again.',
  ]);
}
