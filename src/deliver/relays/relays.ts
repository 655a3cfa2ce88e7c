import { askCircuit, circuitOf, closeCircuit, lookAtCircuits } from '../../db/sending/circuit.ts';
import { strikeDomain } from '../../db/sending/paces.ts';
import { messageOf } from '../../lib/errors.ts';
import { CrowdedError, type MailConnection } from '../../model/mail.ts';
import { readingOf, replyLine, works } from '../sending/classify-reply.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import type { Seen } from './failure-watch.ts';
import { giveUp, inBackground, leaveOut, openFleet, watchOf, type Fleet } from './fleet.ts';
import { leastLoaded, watched, type RelayInUse } from './relay-in-use.ts';

/** The mail servers as one run uses them. */
export interface Relays {
  /**
   * Opens a connection to the server that has least for its weight; one that cannot be reached is passed over. Rejects
   * where none is left, with a CrowdedError where one is only full.
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
  const fleet = await openFleet(run, stop);
  const of = (connection: MailConnection) => fleet.userOf.get(connection);
  return {
    connect: () => connect(fleet),
    pace: (connection) => of(connection)?.pacer.next() ?? Promise.resolve(0),
    isSpent: (connection, carried) => of(connection)?.limit.isSpent(carried) ?? false,
    sessionEnded: (connection, carried, how) => of(connection)?.limit.ended(carried, how),
    probing: (connection) => run.probe || of(connection)?.onProbe === true,
    note: (connection, seen) => {
      const used = of(connection);
      return used ? note(fleet, used, seen) : null;
    },
    atEnd: () => atEnd(fleet),
    settle: async () => {
      while (fleet.background.size > 0) await Promise.all(fleet.background); // one may begin another
    },
  };
}

async function connect(fleet: Fleet): Promise<MailConnection> {
  const { alone, run } = fleet;
  const problems: string[] = [];
  let crowded = false;
  for (let left = await choiceOf(fleet); ;) {
    const used = run.probe ? left[0] : leastLoaded(left);
    if (!used) break;
    left = left.filter((other) => other !== used);
    used.connections += 1;
    try {
      const connection = watched(used, await used.relay.connect());
      used.open += 1;
      fleet.userOf.set(connection, used);
      return connection;
    } catch (error) {
      used.connections -= 1;
      problems.push(`${alone ? '' : `${used.relay.name}: `}${messageOf(error)}`);
      // One that says so, or has connections open, is full, not gone.
      if (error instanceof CrowdedError) [crowded, used.fullAtMs] = [true, performance.now()];
      else if (!alone && used.open === 0) await leaveOut(run, used, messageOf(error));
    }
  }
  const Problem = crowded ? CrowdedError : Error;
  throw new Problem(problems.join('; ') || 'no mail server is in use');
}

function choiceOf(fleet: Fleet): Promise<readonly RelayInUse[]> {
  if (fleet.alone) return Promise.resolve(fleet.all);
  return fleet.run.probe ? inTurn(fleet) : inUse(fleet);
}

/**
 * All of them, for the mail that finds out whether any works: those whose circuit is closed, by chance, then the others
 * by when it is their turn. One that fails it has its turn later.
 */
async function inTurn({ run, all }: Fleet): Promise<RelayInUse[]> {
  const open = await lookAtCircuits(run.ctx.db, run.ctx.mailer.relays);
  const turns = new Map(open.map(({ name, probeAt }) => [name, probeAt.getTime()]));
  const inOrder = all.map((used) => ({ used, turn: turns.get(circuitOf(used.relay)) ?? Math.random() }));
  return inOrder.sort((a, b) => a.turn - b.turn).map(({ used }) => used);
}

/** Those whose circuit is closed, and those whose turn it is to be tried again. */
async function inUse({ run, all }: Fleet): Promise<RelayInUse[]> {
  const found: RelayInUse[] = [];
  for (const used of all) {
    await used.leaving;
    const { state } = await askCircuit(run.ctx.db, circuitOf(used.relay));
    if (state === 'open') continue;
    if (used.leaving || used.onProbe !== (state === 'probe')) {
      used.leaving = null;
      used.onProbe = state === 'probe';
      used.watch = watchOf(run, used.onProbe);
    }
    found.push(used);
  }
  return found;
}

function note(fleet: Fleet, used: RelayInUse, seen: Seen): string | null {
  const { run, alone } = fleet;
  if (seen.result.outcome === 'accepted') inBackground(fleet, used.pacer.took());
  const problem = used.watch.note(seen);
  if (problem) return giveUp(fleet, used, problem);
  const reading = readingOf(seen.result);
  if (reading?.about === 'crowd') noteFull(fleet, used, seen);
  if (reading?.about === 'rate') inBackground(fleet, slowDown(fleet, used, seen, reading.everybody));
  if (!alone && works(seen.result) && (used.onProbe || run.probe)) {
    used.onProbe = false;
    used.watch = watchOf(run, run.probe);
    inBackground(fleet, closeCircuit(run.ctx.db, circuitOf(used.relay)));
  }
  return null;
}

/** It is there, and somebody holds its places: nothing is wrong with it, but others are asked first. */
function noteFull(fleet: Fleet, used: RelayInUse, { result }: Seen): void {
  const { run, alone } = fleet;
  used.fullAtMs = performance.now();
  const words = result.outcome === 'refused' ? result.reply : '';
  // The next mail that finds out whether any works is to try another.
  if (run.probe && !alone) inBackground(fleet, leaveOut(run, used, replyLine(words)));
}

/** Too fast for the server, or for one destination? That is told by who hears it. */
async function slowDown(fleet: Fleet, used: RelayInUse, { domain, result }: Seen, everybody: boolean): Promise<void> {
  const { ctx, domains } = fleet.run;
  const nowMs = performance.now();
  for (const [other, atMs] of used.slowed) if (nowMs - atMs > SLOWED_MS) used.slowed.delete(other);
  used.slowed.set(domain, nowMs);
  if (!everybody && used.slowed.size < Math.min(SEVERAL, domains.size)) {
    await strikeDomain(ctx.db, domain);
  } else if (await used.pacer.tooFast()) {
    const words = result.outcome === 'refused' ? result.reply : '';
    const problem = giveUp(fleet, used, `it says the same however slowly it is given mail: ${replyLine(words)}`);
    if (problem) fleet.stop(problem);
  }
}

function atEnd(fleet: Fleet): string | null {
  const problems = fleet.all.map((used) => {
    const problem = used.watch.atEnd();
    return problem && giveUp(fleet, used, problem);
  });
  return problems.find((problem) => problem !== null) ?? null;
}
