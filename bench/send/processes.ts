import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** The processes run what is shipped. */
const BUILT = new URL('../built.mjs', import.meta.url).href;

/** What one measured process says of itself. */
export interface Cost {
  sent: number;
  ms: number;
  cpuMs: number;
  rssMb: number;
  /** Which share of its time passed in the modules that were asked for. */
  share?: number;
}

/** What several of them did together. */
export interface Measured {
  perSecond: number;
  cpuUsPerMail: number;
  rssMb: number;
  sent: number;
  /** Of the first process: which share of its time passed in the modules that were asked for. */
  share?: number;
  /** What else the mails cost, and how much of the machine was left; where it can be seen. */
  around?: { sinkUs: number; postgresUs: number; idleShare: number };
}

/** Starts `count` processes of a script, lets them go at the same moment and waits for what they cost. */
export async function measure(
  script: string,
  count: number,
  args: string[],
  env: Record<string, string> = {},
): Promise<Measured> {
  const children = Array.from({ length: count }, () => start(script, args, env));
  try {
    await Promise.all(children.map(({ lines }) => nextLine(lines)));
    const startedMs = performance.now();
    for (const { child } of children) child.stdin?.write('go\n');
    const costs = await Promise.all(children.map(async ({ lines }) => JSON.parse(await nextLine(lines)) as Cost));
    const ms = performance.now() - startedMs;
    const sent = costs.reduce((sum, cost) => sum + cost.sent, 0);
    const cpuMs = costs.reduce((sum, cost) => sum + cost.cpuMs, 0);
    return {
      sent,
      perSecond: sent / (ms / 1000),
      cpuUsPerMail: (cpuMs * 1000) / sent,
      rssMb: Math.max(...costs.map(({ rssMb }) => rssMb)),
      ...(costs[0]?.share !== undefined && { share: costs[0].share }),
    };
  } finally {
    for (const { child } of children) child.kill();
  }
}

function start(script: string, args: string[], env: Record<string, string>): { child: ChildProcess; lines: Interface } {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--import', BUILT, join(PACKAGE_ROOT, 'bench', script), ...args],
    {
      cwd: PACKAGE_ROOT,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function nextLine(lines: Interface): Promise<string> {
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [''])])) as [string];
  if (line === '') throw new Error('a measured process ended before it was done');
  return line;
}
