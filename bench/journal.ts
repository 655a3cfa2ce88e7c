/**
 * `npm run bench:journal`: what the journal costs sending. In each round the whole pipeline runs with it and without,
 * and once more sampled, which tells the share of its time that passes in the journal: that holds on a busy machine,
 * where speeds scatter. See docs/operate/journal.md.
 */
import { Command } from 'commander';
import { postgresForTests } from '../test/support/servers.ts';
import { fallsShort, KNOWN, MOST, summary, type Round } from './journal/gate.ts';
import { hearResults } from './results.ts';
import { measure, type Measured } from './send/processes.ts';
import { planAll } from './send/seed.ts';
import { setStage } from './send/stage.ts';
import { requirePostfixTools, startSink } from './send/tools.ts';

const results = hearResults('bench:journal');
const flags = new Command('bench:journal')
  .option('--messages <n>', 'newsletters a run', Number, 20_000)
  .option('--connections <n>', 'SMTP connections', Number, 40)
  .option('--rounds <n>', 'rounds at most', Number, 30)
  .option('--minutes <n>', 'begin no round after', Number, 10)
  .parse()
  .opts<{ messages: number; connections: number; rounds: number; minutes: number }>();

const FEWEST = 5;
const MODULES = '/dist/(journal/|deliver/claiming/keep-journal)';

requirePostfixTools();
const startedMs = performance.now();
const server = await postgresForTests();
const stage = await setStage(server, flags.messages);
const rounds: Round[] = [];
while (rounds.length < flags.rounds && !isEnough()) rounds.push(await playRound(rounds.length));
await stage.close();
const [speed, cpu, share] = (['speed', 'cpu', 'share'] as const).map((of) => summary(rounds.map((one) => one[of])));
const percent = (part = NaN) => `${part >= 0 ? '+' : ''}${(part * 100).toFixed(1)} %`.padStart(8);
const error = (of?: { error: number }) => `${((of?.error ?? NaN) * 100).toFixed(1)} %`.padStart(7);
const known = (speed?.error ?? 1) < KNOWN;
const short = fallsShort(rounds);
process.stdout.write(
  `\n${rounds.length} rounds of ${flags.messages} newsletters, ${stage.name}: medians, and their standard errors\n` +
    `share of the process's time   ${percent(share?.median)}  ± ${error(share)}   gate ${MOST * 100} %${short ? '   FALLS SHORT' : ''}\n` +
    `mails a second, with it       ${percent((speed?.median ?? NaN) - 1)}  ± ${error(speed)}${known ? '   gated too' : '   not known well enough for a gate'}\n` +
    `CPU of a mail, with it        ${percent((cpu?.median ?? NaN) - 1)}  ± ${error(cpu)}\n`,
);
await results.finish(server ?? undefined);
process.exit(short ? 1 : 0);

/** Who begins changes each round: what else the machine does weighs on both alike. */
async function playRound(n: number): Promise<Round> {
  const [bare, own] = [{ JOURNAL_DIR: 'off' }, {}];
  const first = await pipeline(n % 2 === 0 ? own : bare);
  const second = await pipeline(n % 2 === 0 ? bare : own);
  const [kept, none] = n % 2 === 0 ? [first, second] : [second, first];
  const { share = NaN } = await pipeline({ BENCH_SHARE_OF: MODULES });
  const words = [kept, none].map((one) => `${one.perSecond.toFixed(0)}/s ${one.cpuUsPerMail.toFixed(0)} µs CPU`);
  process.stdout.write(
    `round ${n + 1}  with ${words[0] ?? ''}  without ${words[1] ?? ''}  share ${(share * 100).toFixed(2)} %\n`,
  );
  return { speed: kept.perSecond / none.perSecond, cpu: kept.cpuUsPerMail / none.cpuUsPerMail, share };
}

async function pipeline(settings: Record<string, string>): Promise<Measured> {
  const planned = await planAll(stage.pool);
  const sink = await startSink();
  const own = { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, SEND_CONNECTIONS: String(flags.connections) };
  const measured = await measure('send-pipeline-process.ts', 1, [], { ...stage.env, ...own, ...settings });
  await sink.stop();
  if (measured.sent !== planned) throw new Error(`${measured.sent} of ${planned} mails were sent`);
  return measured;
}

function isEnough(): boolean {
  if (performance.now() - startedMs > flags.minutes * 60_000) return true;
  return rounds.length >= FEWEST && summary(rounds.map((one) => one.speed)).error < KNOWN;
}
