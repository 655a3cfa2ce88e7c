import { circuitOf, keyOfStop, openCircuit } from '../../db/sending/circuit.ts';
import { messageOf } from '../../lib/errors.ts';
import type { MailConnection, Relay } from '../../model/mail.ts';
import { tellOperator } from '../../operate/tell-operator.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import { firstPauseSeconds } from './circuit.ts';
import { createFailureWatch } from './failure-watch.ts';
import type { RelayInUse } from './relay-in-use.ts';
import { openRelayPacer } from './relay-pace.ts';
import { createSessionLimit } from './session-limit.ts';

/** The mail servers of a run, and what is remembered of them. */
export interface Fleet {
  run: SendingRun;
  /** Ends the run. */
  stop: (problem: string) => void;
  all: readonly RelayInUse[];
  /** Whether there is one server: then there is the circuit of all mail alone. */
  alone: boolean;
  userOf: WeakMap<MailConnection, RelayInUse>;
  /** What is still being written down. */
  background: Set<Promise<unknown>>;
}

/** Makes a fleet of the servers that SMTP_URL names. */
export async function openFleet(run: SendingRun, stop: (problem: string) => void): Promise<Fleet> {
  const all = await Promise.all(run.ctx.mailer.relays.map((relay) => relayInUse(run, relay)));
  return { run, stop, all, alone: all.length === 1, userOf: new WeakMap(), background: new Set() };
}

async function relayInUse(run: SendingRun, relay: Relay): Promise<RelayInUse> {
  return {
    relay,
    connections: 0,
    open: 0,
    watch: watchOf(run, run.probe),
    pacer: await openRelayPacer(run.ctx.db, relay.name),
    limit: createSessionLimit(run.ctx.config.SEND_PER_CONNECTION),
    slowed: new Map(),
    fullAtMs: -Infinity,
    onProbe: false,
    leaving: null,
  };
}

/** Makes what watches a server; a probe tells by its one mail. */
export function watchOf({ ctx, domains }: SendingRun, probe: boolean): RelayInUse['watch'] {
  return createFailureWatch({ connections: ctx.mailer.connections, probe, domains: () => domains.size });
}

/** Leaves a server out, for all processes, and tells the operator; the circuit says when it is tried again. */
export function leaveOut(run: SendingRun, used: RelayInUse, problem: string): Promise<void> {
  const probe = run.probe || used.onProbe;
  used.leaving ??= (async () => {
    const openedAt = await openCircuit(run.ctx.db, problem, firstPauseSeconds(run), circuitOf(used.relay), probe);
    if (openedAt) await tellOfRelay(run, used.relay.name, problem, openedAt);
  })();
  return used.leaving;
}

/**
 * Leaves a server out; where there is no other, what is wrong with it is wrong with all mail, and is returned. So it is
 * of the mail that finds out whether any works: the next one tries another server.
 */
export function giveUp(fleet: Fleet, used: RelayInUse, problem: string): string | null {
  const { run, all, alone } = fleet;
  const last = all.every((other) => other === used || other.leaving !== null);
  if (alone || (last && !run.probe)) return problem;
  inBackground(fleet, leaveOut(run, used, problem));
  return run.probe ? problem : null;
}

/** Lets the run go on while something is written down; what fails in it is logged. */
export function inBackground({ run, background }: Fleet, work: Promise<unknown> | null): void {
  if (!work) return;
  const watched = work
    .catch((error: unknown) => run.ctx.log.warn({ problem: messageOf(error) }, 'the state of a mail server'))
    .finally(() => background.delete(watched));
  background.add(watched);
}

async function tellOfRelay({ ctx }: SendingRun, name: string, problem: string, openedAt: Date): Promise<void> {
  ctx.log.error({ relay: name, problem }, 'a mail server is left out');
  const lines = [
    `Since ${openedAt.toISOString()} nothing goes through ${name}: ${problem}`,
    'Mail goes through the others. One is tried there from time to time; when it goes through, the server is used again.',
  ];
  const key = keyOfStop({ name: circuitOf({ name }), openedAt });
  await tellOperator(ctx, { key, subject: `The mail server ${name} is left out`, lines }, 'job:deliver');
}
