import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Context } from '../context.ts';
import { countClaimable } from '../db/ledger/deliveries.ts';
import { askCircuit } from '../db/sending/circuit.ts';
import { reservePlaces } from '../db/sending/paces.ts';
import { persistently } from '../lib/persistently.ts';
import { domainOf } from '../model/address.ts';
import type { FinishedAttempt } from '../model/attempt.ts';
import type { DeliveryState } from '../model/delivery.ts';
import { batchesOf, type ToCompose } from './claiming/batches.ts';
import { expectingOf, giveBack, startHeartbeat, takeBackExpired } from './claiming/claims.ts';
import { startCounting } from './claiming/count-answers.ts';
import { recorderOf } from './claiming/record-results.ts';
import { isMute } from './claiming/keep-journal.ts';
import { endShares } from './claiming/throttle.ts';
import { settleCircuit } from './relays/circuit.ts';
import { openRelays, type Relays } from './relays/relays.ts';
import { runConnectionLoop, type LoopTools, type Outgoing } from './sending/connection-loop.ts';
import { createGroupCommit } from './sending/group-commit.ts';
import { createJudge, type Judge } from './sending/judge.ts';
import { createRatePacer } from './sending/pacing.ts';
import { createPrefetch, type Prefetch } from './sending/prefetch.ts';
import { prepareMail } from './sending/prepare-mail.ts';
import { endOfRun, settledEnd, troubleOf, type LoopEnd, type RunEnd } from './sending/run-end.ts';
import { beginRun, noCounts, warnOnce, type SendingRun } from './sending/sending-run.ts';

/** How one run is asked for. */
export interface DeliverOptions {
  /** Ends the run: nothing more is claimed or begun, what is in flight gets a few seconds, the rest is given back. */
  signal?: AbortSignal;
  progress?: (done: number, total: number | null) => void;
}

/** What mails in flight are given at the end before their connections are cut: all of SIGTERM must fit in 10 s. */
const GRACE_MS = 5_000;

/**
 * Drains what may go out now and returns how many deliveries ended in each state: claim ▸ load ▸ compose ▸ sign ▸ send
 * over up to SEND_CONNECTIONS connections ▸ record. While sending is paused it does nothing, or tries one mail; while
 * the journal cannot be written, nothing. Safe to run in any number of processes at once; throws where the database
 * stays away.
 */
export async function runDeliver(ctx: Context, options: DeliverOptions = {}): Promise<Record<DeliveryState, number>> {
  const counts = noCounts();
  if (isMute(ctx)) return counts;
  const circuit = await askCircuit(ctx.db);
  if (circuit.state === 'open') {
    ctx.log.debug({ problem: circuit.problem }, 'sending is paused');
    return counts;
  }
  const worker = () => `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const probe = circuit.state === 'probe';
  const end = await drain(beginRun(ctx, worker(), { probe, counts }), options);
  // The mail that was the probe went through: now the others.
  const mayFollow = probe && end.how === 'drained' && end.proven;
  if (mayFollow) await drain(beginRun(ctx, worker(), { probe: false, counts }), options);
  return counts;
}

/**
 * One run: sends until nothing is due or something ends it, gives back what is left, and says how it ended. Throws what
 * broke.
 */
async function drain(run: SendingRun, { signal, progress }: DeliverOptions): Promise<RunEnd> {
  const judge = createJudge(run);
  const relays = await openRelays(run, (problem) => run.stop({ how: 'our-fault', problem }));
  const tools = await openTools(run, { relays, judge, progress });
  const stopAttending = attend(run, tools, signal);
  const loops = await runLoops(run, tools);
  const problem = run.signal.aborted ? null : relays.atEnd();
  if (problem !== null) run.stop({ how: 'our-fault', problem });
  await tools.prefetch.close();
  await relays.settle();
  await stopAttending();
  const proven = judge.proven();
  const end = endOfRun({ loops, stopped: run.stopped(), told: signal?.aborted === true, proven });
  const left = await giveBack(run, troubleOf(end));
  if (end.how === 'broken') throw end.error;
  await endShares(run);
  const settled = settledEnd(end, { left, proven, full: [...run.crowded.values()].at(-1) });
  await settleCircuit(run, settled);
  return settled;
}

/** Runs the connection loops to their ends; one that breaks (the database is away) ends the others too. */
async function runLoops(run: SendingRun, tools: LoopTools): Promise<LoopEnd[]> {
  const broken = (error: unknown): LoopEnd => {
    run.stop({ how: 'broken', error });
    return { how: 'broken', error };
  };
  const length = run.probe ? 1 : run.ctx.mailer.connections;
  try {
    await persistently(() => takeBackExpired(run));
  } catch (error) {
    return [broken(error)];
  }
  return Promise.all(Array.from({ length }, () => runConnectionLoop(tools).catch(broken)));
}

/**
 * What else goes on while the loops run: leases are kept, and whoever tells the run to end is heard. Returns what stops
 * that.
 */
function attend(run: SendingRun, tools: LoopTools, signal: AbortSignal | undefined): () => Promise<void> {
  const tell = () => run.stop({ how: 'told' });
  const stopAll = [startHeartbeat(run), cutLate(tools)];
  const stopCounting = startCounting(run);
  signal?.addEventListener('abort', tell, { once: true });
  if (signal?.aborted) tell();
  return () => {
    for (const stop of stopAll) stop();
    signal?.removeEventListener('abort', tell);
    return stopCounting();
  };
}

interface Parts {
  relays: Relays;
  judge: Judge;
  progress: DeliverOptions['progress'];
}

async function openTools(run: SendingRun, { relays, judge, progress }: Parts): Promise<LoopTools> {
  const { ctx, signal } = run;
  const reserve = (places: number, gapMs: number) => persistently(() => reservePlaces(ctx.db, places, gapMs));
  const common = createRatePacer(() => ctx.config.SEND_RATE_PER_SECOND, reserve);
  const ended = await countingOf(run, progress);
  const ourFault = (problem: string) => run.stop({ how: 'our-fault', problem });
  return {
    prefetch: prefetchOf(run),
    ledger: createGroupCommit(recorderOf(run)),
    connect: () => relays.connect(),
    isSpent: (connection, carried) => relays.isSpent(connection, carried),
    sessionEnded: (connection, carried, how) => relays.sessionEnded(connection, carried, how),
    pace: async (connection) => Math.max(await common(), await relays.pace(connection)),
    judge: (delivery, { result, connection }) => {
      const finished = judge.sent(delivery, result, relays.probing(connection));
      const { email, tried } = delivery;
      const problem = relays.note(connection, { result, domain: domainOf(email), tried });
      if (problem) ourFault(problem);
      return ended(finished);
    },
    // A mail that could not be made: null where it is put back, unharmed.
    unfit: (delivery, problem, ours) => {
      if (ours) ourFault(problem);
      const finished = ours ? null : judge.unfit(delivery, problem);
      return finished && ended(finished);
    },
    unreachable: warnOnce(ctx),
    open: new Set(),
    signal,
  };
}

function prefetchOf(run: SendingRun): Prefetch<Outgoing> {
  const { ctx, signal, slots } = run;
  const gate = slots && {
    enter: ({ delivery }: Outgoing) => slots.enter(delivery),
    leave: ({ delivery }: Outgoing) => slots.leave(delivery),
  };
  return createPrefetch<ToCompose, Outgoing>({
    fetch: batchesOf(run),
    expecting: expectingOf(run),
    prepare: ({ composer, claimed }) => ({ delivery: claimed.delivery, mail: prepareMail(composer, claimed) }),
    ...(gate ? { gate } : {}),
    lookahead: ctx.mailer.connections,
    signal,
  });
}

/** Returns what counts each end and shows how far the run is. */
async function countingOf(
  { ctx, counts }: SendingRun,
  progress: DeliverOptions['progress'],
): Promise<(finished: FinishedAttempt) => FinishedAttempt> {
  const total = progress ? await countClaimable(ctx.db, ctx.now()) : null;
  let done = 0;
  return (finished) => {
    counts[finished.state] += 1;
    progress?.(++done, total);
    return finished;
  };
}

/** Cuts the connections where ending takes too long. Returns what stops it. */
function cutLate(tools: LoopTools): () => void {
  let cut: NodeJS.Timeout | undefined;
  tools.signal.addEventListener('abort', () => {
    cut = setTimeout(() => tools.open.forEach((connection) => void connection.close()), GRACE_MS);
  });
  return () => clearTimeout(cut);
}
