import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cliPlace } from '../support/cli.ts';
import { until } from '../support/until.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { hookReceiver } from '../hooks/hook-receiver.ts';

/** An alarm as it arrived, and when (`performance.now()`). */
export interface ArrivedAlarm {
  type: string;
  data: { code: string; subject: string; lines: string[]; page: string };
  atMs: number;
}

/** The real program as it is installed, and the place to which it sends alarms. */
export interface AlarmedService {
  /** Alarms of a code that arrived since, in order. */
  alarms(code: string, sinceMs: number): ArrivedAlarm[];
  /** Waits for news of a code; returns it and how many seconds after `sinceMs` it came. */
  hears(code: string, type: string, sinceMs: number): Promise<{ alarm: ArrivedAlarm; seconds: number }>;
  /** Ends it as a deployment does. */
  stop(): Promise<void>;
}

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
/** Longer than an alarm may take, so that a late one is told by its seconds. */
const PATIENCE_SECONDS = 240;

/** Starts `dist/cli.js serve` on a database and waits until it serves. `node` are arguments for Node itself. */
export async function startAlarmed(
  url: string,
  settings: Record<string, string> = {},
  node: readonly string[] = [],
): Promise<AlarmedService> {
  const receiver = await hookReceiver();
  const port = Number(settings['PORT'] ?? (await freePort()));
  const place = cliPlace(url, {
    ...{ PORT: String(port), PUBLIC_URL: `http://localhost:${port}`, DRAIN_SECONDS: '0' },
    ...{ ALARM_URLS: `${receiver.url}#${SECRET}`, MAIL_FROM: 'Offprint <papers@digest.example.org>' },
    ...settings,
  });
  const args = [...node, '--enable-source-maps', 'dist/cli.js', 'serve'];
  const child = spawn(process.execPath, args, { ...place, stdio: ['ignore', 'pipe', 'inherit'] });
  const lives = () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
  };
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('it has started', () => (lives(), said.includes('Sign up:')), 180);
  const alarms = (code: string, sinceMs: number) =>
    receiver.received
      .map(({ body, atMs }) => ({ ...(JSON.parse(body) as ArrivedAlarm), atMs }))
      .filter(({ data, atMs }) => data.code === code && atMs > sinceMs);
  return {
    alarms,
    hears: async (code, type, sinceMs) => {
      const find = () => alarms(code, sinceMs).find((one) => one.type === `alarm.${type}`);
      await until(`alarm.${type} of ${code} arrives`, () => (lives(), find() !== undefined), PATIENCE_SECONDS);
      const alarm = find()!;
      return { alarm, seconds: (alarm.atMs - sinceMs) / 1_000 };
    },
    stop: async () => {
      await ended(child);
      await receiver.close();
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
