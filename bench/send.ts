/**
 * `npm run bench:send`: the whole pipeline against a bare Nodemailer pool and Postfix's smtp-source, in one run. See
 * docs/delivery.md.
 */
import { cpus } from 'node:os';
import { Command } from 'commander';
import { postgresForTests } from '../test/support/servers.ts';
import { machineTime, postgresMsBetween } from './send/machine.ts';
import { hearResults } from './results.ts';
import { measure, type Measured } from './send/processes.ts';
import { planAll } from './send/seed.ts';
import { setStage, type Stage } from './send/stage.ts';
import { requirePostfixTools, runSource, startSink } from './send/tools.ts';

const results = hearResults('bench:send');
const number = (text: string) => Number(text);
const flags = new Command('bench:send')
  .option('--messages <n>', 'newsletters of the pipeline, a round', number, 20_000)
  .option('--rounds <n>', 'rounds, all variants alternating', number, 3)
  .option('--connections <n>', 'SMTP connections of a process', number, 40)
  .option('--minutes <n>', 'begin no round that would end later', number, 10)
  .option('--embedded', 'on the embedded database alone')
  .option('--json', 'print one object')
  .parse()
  .opts<{
    messages: number;
    rounds: number;
    connections: number;
    minutes: number;
    embedded?: boolean;
    json?: boolean;
  }>();

/** Gates of the ratios' medians; smtp-source is gated a little lower, for noise. */
const GATES = { nodemailer: 4, 'nodemailer DKIM': 6, 'smtp-source': 0.35 };
/** Two processes are gated where there are cores for them. */
const GATE_TWO = { cores: 6, ratio: 1.6 };
/** The yardstick needs fewer mails for the same certainty: it is slow and steady. */
const YARDSTICK_SHARE = 0.05;

type Variant = 'source' | 'nodemailer' | 'nodemailer DKIM' | 'one' | 'one DKIM' | 'two';
type Round = Record<Variant, Measured> & Partial<Record<'embedded one' | 'embedded DKIM', Measured>>;

const startedMs = performance.now();
requirePostfixTools();
const say = (line: string) => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`);
const server = flags.embedded ? null : await postgresForTests();
const stage = await setStage(server, flags.messages);
const embedded = server ? await setStage(null, flags.messages) : null;
say(
  `${flags.messages} newsletters of ${Math.round(stage.bytes / 1024)} KB, ${flags.connections} connections, ${stage.name}, ${cpus().length} cores`,
);
const rounds: Round[] = [];
for (let n = 1; n <= flags.rounds; n++) {
  const roundMs = performance.now();
  rounds.push(await playRound(n));
  const [lasted, elapsed] = [roundMs, startedMs].map((fromMs) => (performance.now() - fromMs) / 60_000);
  if (n < flags.rounds && (elapsed ?? 0) + (lasted ?? 0) > flags.minutes) {
    say(`another round would take longer than ${flags.minutes} minutes in all`);
    break;
  }
}
await stage.close();
await embedded?.close();
const verdict = judge(rounds);
if (flags.json)
  process.stdout.write(`${JSON.stringify({ ...verdict, rounds, bytes: stage.bytes, cores: cpus().length })}\n`);
await results.finish(server ?? undefined);
process.exit(verdict.short.length === 0 ? 0 : 1);

async function playRound(n: number): Promise<Round> {
  const few = Math.max(200, Math.round(flags.messages * YARDSTICK_SHARE));
  const told = async (name: string, work: Promise<Measured>) => {
    const measured = await work;
    say(`round ${n}  ${name.padEnd(16)} ${inWords(measured)}`);
    return measured;
  };
  const round: Round = {
    source: await told('source', bestSource(stage)),
    nodemailer: await told('nodemailer', yardstick(stage, few, '')),
    one: await told('one', pipeline(stage, 1, false)),
    'nodemailer DKIM': await told('nodemailer DKIM', yardstick(stage, Math.round(few / 2), stage.dkimKeyFile)),
    'one DKIM': await told('one DKIM', pipeline(stage, 1, true)),
    two: await told('two', pipeline(stage, 2, false)),
  };
  if (embedded) {
    round['embedded one'] = await told('embedded one', pipeline(embedded, 1, false));
    round['embedded DKIM'] = await told('embedded DKIM', pipeline(embedded, 1, true));
  }
  return round;
}

function inWords({ perSecond, cpuUsPerMail, rssMb, around }: Measured): string {
  const own = `${perSecond.toFixed(0).padStart(6)}/s`;
  if (cpuUsPerMail === 0) return own;
  const cost = `${own}  ${cpuUsPerMail.toFixed(0).padStart(6)} µs CPU  ${rssMb.toFixed(0).padStart(4)} MB`;
  if (!around) return cost;
  return `${cost}   PostgreSQL ${around.postgresUs.toFixed(0)} µs, sink ${around.sinkUs.toFixed(0)} µs, ${(around.idleShare * 100).toFixed(0)} % idle`;
}

async function bestSource(on: Stage): Promise<Measured> {
  const speeds: number[] = [];
  for (const sessions of [10, 20]) {
    const sink = await startSink();
    speeds.push(await runSource(sink.port, Math.max(2_000, flags.messages / 2), on.bytes, sessions));
    await sink.stop();
  }
  return { perSecond: Math.max(...speeds), cpuUsPerMail: 0, rssMb: 0, sent: flags.messages };
}

async function yardstick(on: Stage, messages: number, dkimKeyFile: string): Promise<Measured> {
  const sink = await startSink();
  const args = [String(sink.port), String(messages), String(flags.connections), on.bodiesFile, dkimKeyFile];
  const measured = await measure('send-nodemailer-process.ts', 1, args);
  await sink.stop();
  return measured;
}

async function pipeline(on: Stage, processes: number, dkim: boolean): Promise<Measured> {
  const planned = await planAll(on.pool);
  const sink = await startSink();
  const dkimEnv = dkim
    ? { DKIM_DOMAIN: 'digest.example.org', DKIM_SELECTOR: 'bench', DKIM_KEY_FILE: on.dkimKeyFile }
    : {};
  const before = machineTime();
  const sinkBeforeMs = sink.cpuMs();
  const measured = await measure('send-pipeline-process.ts', processes, [], {
    ...on.env,
    ...dkimEnv,
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    SEND_CONNECTIONS: String(flags.connections),
  });
  const after = machineTime();
  const sinkMs = sink.cpuMs() - sinkBeforeMs;
  const taken = sink.count();
  await sink.stop();
  const { rows } = await on.pool.query<{ sent: string }>(
    "SELECT count(*) AS sent FROM deliveries WHERE state = 'sent'",
  );
  const sent = Number(rows[0]?.sent);
  if (taken !== sent || sent !== planned) {
    throw new Error(`the sink took ${taken} mails, the ledger says ${sent} of ${planned}`);
  }
  if (!before || !after) return measured;
  const each = (ms: number) => (ms * 1_000) / sent;
  const idleShare = (after.idle - before.idle) / (after.all - before.all);
  return {
    ...measured,
    around: { sinkUs: each(sinkMs), postgresUs: each(postgresMsBetween(before, after)), idleShare },
  };
}

function judge(played: Round[]): { ratios: Record<string, number>; short: string[] } {
  const of = (one: keyof Round, other: keyof Round, figure: (measured: Measured) => number = (m) => m.perSecond) =>
    median(played.flatMap((round) => (round[one] && round[other] ? [figure(round[one]) / figure(round[other])] : [])));
  const ratios = {
    nodemailer: of('one', 'nodemailer'),
    'nodemailer DKIM': of('one DKIM', 'nodemailer DKIM'),
    'smtp-source': of('one', 'source'),
    'two processes': of('two', 'one'),
    'CPU of nodemailer': of('nodemailer', 'one', ({ cpuUsPerMail }) => cpuUsPerMail),
    'CPU of n. DKIM': of('nodemailer DKIM', 'one DKIM', ({ cpuUsPerMail }) => cpuUsPerMail),
    ...(embedded
      ? {
          'embedded, n.': of('embedded one', 'nodemailer'),
          'embedded, n. DKIM': of('embedded DKIM', 'nodemailer DKIM'),
        }
      : {}),
  };
  const gates: Record<string, number> = {
    ...GATES,
    ...(cpus().length >= GATE_TWO.cores ? { 'two processes': GATE_TWO.ratio } : {}),
  };
  const short: string[] = [];
  say("\nmedians of the rounds' own ratios");
  for (const [name, ratio] of Object.entries(ratios)) {
    const gate = gates[name];
    const falls = gate !== undefined && ratio < gate;
    if (falls) short.push(name);
    say(
      `  ${name.padEnd(18)} ${ratio.toFixed(2).padStart(6)} ×${gate === undefined ? '' : `   gate ${gate}${falls ? '   FALLS SHORT' : ''}`}`,
    );
  }
  return { ratios, short };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
