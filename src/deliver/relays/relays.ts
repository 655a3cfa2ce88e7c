import { tellOperator } from '../../operate/tell-operator.ts';
import { askCircuit, closeCircuit, openCircuit } from '../../db/sending/circuit.ts';
import { strikeDomain } from '../../db/sending/paces.ts';
import { messageOf } from '../../lib/errors.ts';
import type { MailConnection, Relay } from '../../model/mail.ts';
import { createFailureWatch, type Seen } from './failure-watch.ts';
import { leastLoaded, watched, type RelayInUse } from './relay-in-use.ts';
import { firstPauseSeconds } from './circuit.ts';
import { openRelayPacer } from './relay-pace.ts';
import { createSessionLimit } from './session-limit.ts';
import { readingOf, replyLine, works } from '../sending/classify-reply.ts';
import type { SendingRun } from '../sending/sending-run.ts';

/** The mail servers as one run uses them. */
export interface Relays {
  /**
   * Opens a connection to the server that has least for its weight; one that cannot be reached is passed over. Rejects
   * where none is left.
   */
  connect(): Promise<MailConnection>;
  /** Milliseconds to wait before the next mail over a connection. */
  pace(connection: MailConnection): Promise<number>;
  /** Tells whether a connection that has carried so many mails is to be closed. */
  isSpent(connection: MailConnection, carried: number): boolean;
  /** Notes that a server ended a session after so many mails. */
  sessionEnded(connection: MailConnection, carried: number, how: 'surely' | 'perhaps'): void;
  /** Tells whether a connection only finds out whether its server works again. */
  probing(connection: MailConnection): boolean;
  /** Notes a result; returns what is wrong once it is no mail's fault and there is no other server. */
  note(connection: MailConnection, seen: Seen): string | null;
  /** Looks back on a run that has come to its end; returns what is wrong like `note`. */
  atEnd(): string | null;
  /** Waits for what is still being written down. */
  settle(): Promise<void>;
}

/** A domain that was told «slower» counts for so long. */
const SLOWED_MS = 60_000;
/** So many domains that are told «slower» at once are the server's own doing, where the run has so many. */
const SEVERAL = 3;

/**
 * Shares the connections of a run out among the mail servers. One that fails is left out by all processes, by a circuit
 * of its own, while there are others; which is asked at each connection. With one server there is the circuit of all
 * mail alone. `stop` ends the run.
 */
export async function openRelays(run: SendingRun, stop: (problem: string) => void): Promise<Relays> {
  const { ctx, probe } = run;
  const watchOf = (onProbe: boolean) =>
    createFailureWatch({ connections: ctx.mailer.connections, probe: onProbe, domains: () => run.domains.size });
  const all = await Promise.all(
    ctx.mailer.relays.map(async (relay): Promise<RelayInUse> => ({
      relay,
      connections: 0,
      open: 0,
      watch: watchOf(probe),
      pacer: await openRelayPacer(ctx.db, relay.name),
      limit: createSessionLimit(ctx.config.SEND_PER_CONNECTION),
      slowed: new Map(),
      onProbe: false,
      leaving: null,
    })),
  );
  const alone = all.length === 1;
  const userOf = new WeakMap<MailConnection, RelayInUse>();

  async function connect(): Promise<MailConnection> {
    const problems: string[] = [];
    for (let left = alone || probe ? all : await inUse(); ;) {
      const used = leastLoaded(left);
      if (!used) break;
      left = left.filter((other) => other !== used);
      used.connections += 1;
      try {
        const connection = watched(used, await used.relay.connect());
        used.open += 1;
        userOf.set(connection, used);
        return connection;
      } catch (error) {
        used.connections -= 1;
        problems.push(`${alone ? '' : `${used.relay.name}: `}${messageOf(error)}`);
        // One that has connections open is full, not gone.
        if (!alone && used.open === 0) await leaveOut(used, messageOf(error));
      }
    }
    throw new Error(problems.join('; ') || 'no mail server is in use');
  }

  /** Those whose circuit is closed, and those whose turn it is to be tried again. */
  async function inUse(): Promise<RelayInUse[]> {
    const found: RelayInUse[] = [];
    for (const used of all) {
      await used.leaving;
      const { state } = await askCircuit(ctx.db, circuitOf(used.relay));
      if (state === 'open') continue;
      if (used.leaving || state === 'probe') {
        used.leaving = null;
        used.onProbe = state === 'probe';
        used.watch = watchOf(used.onProbe);
      }
      found.push(used);
    }
    return found;
  }

  function leaveOut(used: RelayInUse, problem: string): Promise<void> {
    used.leaving ??= (async () => {
      const openedAt = await openCircuit(ctx.db, problem, firstPauseSeconds(run), circuitOf(used.relay));
      if (openedAt) await tellOfRelay(run, used.relay.name, problem, openedAt);
    })();
    return used.leaving;
  }

  /** What is wrong with one server is wrong with all mail where there is no other. */
  function giveUp(used: RelayInUse, problem: string): string | null {
    if (alone || probe || all.every((other) => other === used || other.leaving !== null)) return problem;
    inBackground(leaveOut(used, problem));
    return null;
  }

  function note(connection: MailConnection, seen: Seen): string | null {
    const used = userOf.get(connection);
    if (!used) return null;
    if (seen.result.outcome === 'accepted') inBackground(used.pacer.took());
    const problem = used.watch.note(seen);
    if (problem) return giveUp(used, problem);
    const reading = readingOf(seen.result);
    if (reading?.about === 'rate') inBackground(slowDown(used, seen, reading.everybody));
    if (!alone && works(seen.result) && (used.onProbe || probe)) {
      used.onProbe = false;
      inBackground(closeCircuit(ctx.db, circuitOf(used.relay)));
    }
    return null;
  }

  /** Too fast for the server, or for one destination? That is told by who hears it. */
  async function slowDown(used: RelayInUse, { domain, result }: Seen, everybody: boolean): Promise<void> {
    const nowMs = performance.now();
    for (const [other, atMs] of used.slowed) if (nowMs - atMs > SLOWED_MS) used.slowed.delete(other);
    used.slowed.set(domain, nowMs);
    if (!everybody && used.slowed.size < Math.min(SEVERAL, run.domains.size)) {
      await strikeDomain(ctx.db, domain);
    } else if (await used.pacer.tooFast()) {
      const words = result.outcome === 'refused' ? result.reply : '';
      const problem = giveUp(used, `it says the same however slowly it is given mail: ${replyLine(words)}`);
      if (problem) stop(problem);
    }
  }

  const warn = (error: unknown) => ctx.log.warn({ problem: messageOf(error) }, 'the state of a mail server');
  const background = new Set<Promise<unknown>>();
  function inBackground(work: Promise<unknown> | null): void {
    if (!work) return;
    const watched = work.catch(warn).finally(() => background.delete(watched));
    background.add(watched);
  }

  const of = (connection: MailConnection) => userOf.get(connection);
  return {
    connect,
    pace: (connection) => of(connection)?.pacer.next() ?? Promise.resolve(0),
    isSpent: (connection, carried) => of(connection)?.limit.isSpent(carried) ?? false,
    sessionEnded: (connection, carried, how) => of(connection)?.limit.ended(carried, how),
    probing: (connection) => probe || of(connection)?.onProbe === true,
    note,
    atEnd: () => {
      const problems = all.map((used) => {
        const problem = used.watch.atEnd();
        return problem && giveUp(used, problem);
      });
      return problems.find((problem) => problem !== null) ?? null;
    },
    settle: async () => {
      while (background.size > 0) await Promise.all(background); // one may begin another
    },
  };
}

function circuitOf({ name }: Relay): string {
  return `relay:${name}`;
}

async function tellOfRelay({ ctx }: SendingRun, name: string, problem: string, openedAt: Date): Promise<void> {
  ctx.log.error({ relay: name, problem }, 'a mail server is left out');
  const lines = [
    `Since ${openedAt.toISOString()} nothing goes through ${name}: ${problem}`,
    'Mail goes through the others. One is tried there from time to time; when it goes through, the server is used again.',
  ];
  const key = `relay:${name}:${openedAt.toISOString()}`;
  await tellOperator(ctx, { key, subject: `The mail server ${name} is left out`, lines }, 'job:deliver');
}
