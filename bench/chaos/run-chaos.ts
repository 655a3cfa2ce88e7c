import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { createDice, type Dice } from './dice.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { startReceiver, type Receiver } from './receiver.ts';

/** What is done to a run. */
export interface ChaosPlan {
  seed: number;
  /** Database whose ledger is planned already. */
  url: string;
  workers: number;
  connections: number;
  kills: number;
  /** Times the wire to the receiver is cut. */
  cuts: number;
  /** Restarts the database, as often as `restarts` says. */
  restart?: () => Promise<void>;
  restarts?: number;
  /** Mails planned; the blows fall at random moments of their sending. */
  mails: number;
  say?: (line: string) => void;
}

/** What happened, for the reckoning. */
export interface ChaosRun {
  receiver: Receiver;
  kills: number;
  close(): Promise<void>;
}

/** The part of all mails that is surely received: the others are refused for good. */
const SENDING = 0.85;

type Blow = 'kill' | 'cut' | 'restart';

/**
 * Lets workers drain a ledger while they are killed, cut off and left without a database at random moments, and waits
 * until they are done.
 */
export async function runChaos(plan: ChaosPlan): Promise<ChaosRun> {
  const dice = createDice(plan.seed);
  const receiver = await startReceiver(plan.seed);
  const proxy = await startProxy(receiver.smtp.port);
  const crew = startCrew(plan, proxy.port);
  const blows = shuffled(dice, [
    ...Array.from({ length: plan.kills }, (): Blow => 'kill'),
    ...Array.from({ length: plan.cuts }, (): Blow => 'cut'),
    ...Array.from({ length: plan.restart ? (plan.restarts ?? 0) : 0 }, (): Blow => 'restart'),
  ]);
  let kills = 0;
  const moments = blows.map(() => dice.between(1, Math.floor(plan.mails * SENDING))).sort((a, b) => a - b);
  for (const [n, blow] of blows.entries()) {
    while (!crew.done() && receiver.smtp.mails.length < (moments[n] ?? 0)) await sleep(5);
    if (crew.done()) break;
    plan.say?.(`${blow}, ${receiver.smtp.mails.length} received`);
    if (blow === 'kill') kills += await crew.killOne(dice);
    else if (blow === 'cut') await proxy.cut(dice.between(200, 1_000));
    else await plan.restart?.();
  }
  await crew.finish();
  return { receiver, kills, close: () => closeAll(receiver, proxy) };
}

interface Crew {
  killOne(dice: Dice): Promise<number>;
  done(): boolean;
  finish(): Promise<void>;
}

/** Workers that may end before they have begun: while the database restarts, one finds none. */
const MOST_FALSE_STARTS = 10;

/** Keeps so many workers alive: one that is killed is replaced, one that ends by itself found nothing left to do. */
function startCrew(plan: ChaosPlan, port: number): Crew {
  const alive = new Set<ChildProcess>();
  const ready = new Set<ChildProcess>();
  let finished = false;
  let falseStarts = 0;
  const failures: string[] = [];
  const hire = () => {
    const child = startWorker(plan, port);
    alive.add(child);
    let begun = false;
    child.stdout?.once('data', () => {
      begun = true;
      ready.add(child);
    });
    child.once('exit', (code, signal) => {
      alive.delete(child);
      ready.delete(child);
      if (code === 0) finished = true;
      else if (signal === 'SIGKILL' || (!begun && ++falseStarts < MOST_FALSE_STARTS)) hire();
      else failures.push(`a worker ended with ${code ?? signal}`);
    });
  };
  for (let n = 0; n < plan.workers; n++) hire();
  return {
    done: () => finished,
    killOne: async (dice) => {
      while (!finished && ready.size === 0) await sleep(20); // one that is still starting shows nothing
      const child = [...ready][dice.between(0, ready.size - 1)];
      if (!child) return 0;
      ready.delete(child);
      child.kill('SIGKILL');
      await once(child, 'exit');
      return 1;
    },
    finish: async () => {
      while (alive.size > 0 && failures.length === 0) await sleep(50);
      for (const child of alive) child.kill('SIGKILL');
      if (failures.length > 0) throw new Error(failures.join('; '));
    },
  };
}

function startWorker(plan: ChaosPlan, port: number): ChildProcess {
  const settings = JSON.stringify({
    LEASE_SECONDS: '2',
    RETRY_MINUTES: '0.01,0.02,0.02,0.05,0.05,0.1,0.1,0.2,0.2',
    SEND_CONNECTIONS: String(plan.connections),
  });
  const script = join(PACKAGE_ROOT, 'test', 'support', 'worker-process.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, plan.url, `smtp://127.0.0.1:${port}`, settings], {
    cwd: PACKAGE_ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function shuffled<T>(dice: Dice, list: T[]): T[] {
  const out = [...list];
  for (let at = out.length - 1; at > 0; at--) {
    const other = dice.between(0, at);
    [out[at], out[other]] = [out[other] as T, out[at] as T];
  }
  return out;
}

async function closeAll(receiver: Receiver, proxy: Proxy): Promise<void> {
  await proxy.close();
  await receiver.smtp.close();
}
