import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const HOW = `The bench measures against Postfix's own smtp-source and smtp-sink. Install them with
  apt-get install postfix          (as root; nothing needs to be set up or started)
or, without installing,
  apt-get download postfix && dpkg -x postfix_*.deb /tmp/postfix
  export PATH=/tmp/postfix/usr/sbin:$PATH`;

/** Checks that smtp-source and smtp-sink can be run; throws with what to do where not. */
export function requirePostfixTools(): void {
  for (const tool of ['smtp-sink', 'smtp-source']) {
    if (spawnSync('which', [tool]).status !== 0) throw new Error(`${tool} is not on the PATH.\n${HOW}`);
  }
}

/** Unpacked rather than installed, the tools do not find their libraries by themselves. */
function toolEnvironment(): NodeJS.ProcessEnv {
  const found = spawnSync('which', ['smtp-sink']).stdout.toString().trim();
  return { ...process.env, LD_LIBRARY_PATH: join(dirname(found), '..', 'lib', 'postfix') };
}

/** A running smtp-sink: takes everything, keeps nothing, counts. */
export interface Sink {
  port: number;
  /** Messages taken so far, by the sink's own count. */
  count(): number;
  cpuMs(): number;
  stop(): Promise<void>;
}

/**
 * Starts smtp-sink on a free port. It writes its counters into a file: whoever read along would take time from what is
 * measured.
 */
export async function startSink(): Promise<Sink> {
  const port = await freePort();
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const counters = join(tmpdir(), `offprint-bench-sink-${process.pid}-${port}`);
  const file = openSync(counters, 'w');
  const sink = spawn('smtp-sink', ['-c', ...asRoot, `127.0.0.1:${port}`, '1000'], {
    env: toolEnvironment(),
    stdio: ['ignore', file, 'inherit'],
  });
  closeSync(file);
  await answering(port);
  return {
    port,
    count: () => Number([...readFileSync(counters, 'latin1').matchAll(/mesg=(\d+)/g)].at(-1)?.[1] ?? 0),
    cpuMs: () => cpuOf(sink),
    stop: async () => {
      await stop(sink);
      rmSync(counters);
    },
  };
}

/** Sends `messages` of `bytes` with smtp-source over kept connections; returns messages per second and its CPU. */
export async function runSource(port: number, messages: number, bytes: number, sessions: number): Promise<number> {
  const startedMs = performance.now();
  const source = spawn(
    'smtp-source',
    [
      '-d',
      '-s',
      String(sessions),
      '-l',
      String(bytes),
      '-m',
      String(messages),
      '-f',
      'a@bench.example',
      '-t',
      'b@bench.example',
      `127.0.0.1:${port}`,
    ],
    { env: toolEnvironment(), stdio: 'inherit' },
  );
  const [code] = (await once(source, 'exit')) as [number];
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
  return messages / ((performance.now() - startedMs) / 1000);
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'exit');
}

/** CPU time a child has used, in milliseconds (Linux; 0 elsewhere). */
function cpuOf(child: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = net.connect(port, '127.0.0.1');
    const answered = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing answers on port ${port}`);
}
