import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Context } from '../context.ts';
import { countClaimable } from '../db/ledger/deliveries.ts';
import { recordTurn, type Handing } from '../db/ledger/record.ts';
import { askCircuit } from '../db/sending/circuit.ts';
import { reservePlaces } from '../db/sending/paces.ts';
import type { DeliveryState, ClaimedDelivery } from '../model/delivery.ts';
import type { SendResult } from '../model/mail.ts';
import { circumstances, classifyReply, unfit } from './sending/classify-reply.ts';
import { runLine, type LineTools, type Piece } from './sending/connection-loop.ts';
import { createRatePacer, domainOf } from './sending/pacing.ts';
import { persistently } from '../lib/persistently.ts';
import { prepareMail } from './sending/prepare-mail.ts';
import { toComposeOf, type ToCompose } from './claiming/batches.ts';
import { settleCircuit } from './relays/circuit.ts';
import { expectingOf, giveBack, startHeartbeat, takeBackExpired } from './claiming/claims.ts';
import { endShares } from './claiming/throttle.ts';
import { works } from './relays/relay-in-use.ts';
import { weighRefusals } from './claiming/weigh-refusals.ts';
import { openRelays, type Relays } from './relays/relays.ts';
import { createPrefetch } from './sending/prefetch.ts';
import { createTurns } from './sending/group-commit.ts';
import { beginRun, noCounts, type WorkerRun } from './sending/sending-run.ts';
import type { FinishedAttempt } from '../model/attempt.ts';

/** How one run is asked for. */
export interface DeliverOptions {
  /** Ends the run: nothing more is claimed or begun, what is in flight gets a few seconds, the rest is given back. */
  signal?: AbortSignal;
  progress?: (done: number, total: number | null) => void;
}

/** What mails in flight are given at the end before their lines are cut: all of SIGTERM must fit in 10 s. */
const GRACE_MS = 5_000;
/** Mails in a row that cannot be made, after which the fault is ours. */
const MOST_UNFITS = 20;

/**
 * Drains what may go out now and returns how many deliveries ended in each state: claim ▸ load ▸ compose ▸ sign ▸ send over up to
 * SEND_CONNECTIONS lines ▸ record. While sending is paused it does nothing, or tries one mail. Safe to run in any number of processes
 * at once; throws where the database stays away.
 */
export async function runDeliver(ctx: Context, options: DeliverOptions = {}): Promise<Record<DeliveryState, number>> {
  const circuit = await askCircuit(ctx.db);
  if (circuit.state === 'open') {
    ctx.log.debug({ problem: circuit.problem }, 'sending is paused');
    return noCounts();
  }
  const worker = () => `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const run = beginRun(ctx, worker(), circuit.state === 'probe');
  await drain(run, options);
  if (!run.probe || !run.proven || run.trouble !== null || options.signal?.aborted) return run.counts;
  const rest = beginRun(ctx, worker(), false);
  rest.counts = run.counts;
  await drain(rest, options);
  return rest.counts;
}

async function drain(run: WorkerRun, options: DeliverOptions): Promise<void> {
  const { ctx, ending } = run;
  const relays = await openRelays(run, (problem) => stopFor(run, problem));
  const tools = await openTools(run, relays, options);
  const stop = () => ending.abort();
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted) stop();
  const stopHeartbeat = startHeartbeat(run);
  const stopCutting = cutLate(tools);
  try {
    await persistently(() => takeBackExpired(run));
    const lines = run.probe ? 1 : ctx.mailer.connections;
    const ends = await Promise.all(Array.from({ length: lines }, () => runLine(tools).catch(failRun(run))));
    const failure = ends.find((end) => end !== undefined);
    if (failure) throw failure.error;
    const problem = ending.signal.aborted ? null : relays.atEnd();
    if (problem) stopFor(run, problem);
  } finally {
    await tools.supply.close();
    await relays.settle();
    stopHeartbeat();
    stopCutting();
    options.signal?.removeEventListener('abort', stop);
    if (options.signal?.aborted) run.trouble = null; // whoever ended it, it was not the mail server
    if ((await giveBack(run)) === 0 && !run.stopped) run.trouble = null; // a line that could not be opened was not needed
  }
  await endShares(run);
  await settleCircuit(run);
}

/** One broken line (the database is away) ends the others too. */
function failRun(run: WorkerRun): (error: unknown) => { error: unknown } {
  return (error) => {
    run.ending.abort();
    return { error };
  };
}

async function openTools(run: WorkerRun, relays: Relays, options: DeliverOptions): Promise<LineTools> {
  const { ctx, ending } = run;
  const common = createRatePacer(ctx.config.SEND_RATE_PER_SECOND, (places, gapMs) =>
    persistently(() => reservePlaces(ctx.db, places, gapMs)),
  );
  const total = options.progress ? await countClaimable(ctx.db, ctx.now()) : null;
  let done = 0;
  const ended = (finished: FinishedAttempt) => {
    run.counts[finished.state] += 1;
    options.progress?.(++done, total);
    return finished;
  };
  return {
    supply: createPrefetch<ToCompose, Piece>({
      fetch: toComposeOf(run),
      expecting: expectingOf(run),
      prepare: ({ composer, claimed }) => ({ delivery: claimed.delivery, mail: prepareMail(composer, claimed) }),
      ...gateOf(run),
      lookahead: ctx.mailer.connections,
      signal: ending.signal,
    }),
    turns: createTurns((finished, handing) => writeTurn(run, finished, handing)),
    connect: () => relays.connect(),
    isSpent: (connection, carried) => relays.isSpent(connection, carried),
    sessionEnded: (connection, carried, how) => relays.sessionEnded(connection, carried, how),
    pace: async (connection) => Math.max(await common(), await relays.pace(connection)),
    judge: (delivery, { result, connection }) => {
      const finished = judge(run, delivery, result, relays.probing(connection));
      const { email, tried } = delivery;
      const problem = relays.note(connection, { result, domain: domainOf(email), tried });
      if (problem) stopFor(run, problem);
      return ended(finished);
    },
    unfit: (delivery, problem, ours) => {
      const finished = ours ? stopFor(run, problem) : judgeUnfit(run, delivery, problem);
      return finished && ended(finished);
    },
    unreachable: (problem) => {
      if (run.trouble === null) ctx.log.warn({ problem }, 'the mail server cannot be reached');
      run.trouble = problem;
    },
    open: new Set(),
    signal: ending.signal,
  };
}

function gateOf({ rooms }: WorkerRun): { gate?: { enter(piece: Piece): boolean; leave(piece: Piece): void } } {
  if (!rooms) return {};
  return { gate: { enter: ({ delivery }) => rooms.enter(delivery), leave: ({ delivery }) => rooms.leave(delivery) } };
}

function judge(run: WorkerRun, delivery: ClaimedDelivery, result: SendResult, probe: boolean): FinishedAttempt {
  const { ctx } = run;
  const verdict = classifyReply(result, circumstances(ctx.config, delivery, ctx.now(), probe));
  if (works({ result })) run.proven = true;
  run.unfits = 0;
  return { id: delivery.id, attempt: delivery.attempt, ...verdict };
}

/** One mail that cannot be made fails alone; many in a row are our trouble, and so is a newsletter that is to be the probe. */
function judgeUnfit(
  run: WorkerRun,
  { id, attempt, kind, doubted }: ClaimedDelivery,
  problem: string,
): FinishedAttempt | null {
  if (run.ending.signal.aborted) return null;
  run.unfits += 1;
  const verdict = unfit(problem, doubted);
  if (run.unfits >= (run.probe ? 1 : MOST_UNFITS))
    stopFor(run, `${run.unfits} mails in a row, the last one: ${verdict.reply}`);
  return run.probe && kind === 'newsletter' ? null : { id, attempt, ...verdict };
}

/** Ends the run because the fault is not the mails': what is left is given back, and nothing is said of the mail in hand. */
function stopFor(run: WorkerRun, trouble: string): null {
  run.trouble = trouble;
  run.stopped = true;
  run.ending.abort();
  return null;
}

async function writeTurn(
  run: WorkerRun,
  finished: FinishedAttempt[],
  handing: Handing[],
): Promise<(mail: Handing) => boolean> {
  const { ctx, worker, counts, held } = run;
  const states = await persistently(() => recordTurn(ctx.db, { worker, now: ctx.now(), finished, handing }));
  for (const { id } of [...finished, ...handing]) held.delete(id);
  await weighRefusals(run, finished);
  for (const state of states.values()) if (state !== 'sending') counts[state] += 1;
  return ({ id }) => states.get(id) === 'sending';
}

/** Cuts the lines where ending takes too long. Returns what stops it. */
function cutLate(tools: LineTools): () => void {
  let cut: NodeJS.Timeout | undefined;
  tools.signal.addEventListener('abort', () => {
    cut = setTimeout(() => tools.open.forEach((connection) => void connection.close()), GRACE_MS);
  });
  return () => clearTimeout(cut);
}
