/**
 * `npm run bench:journal`: what the journal costs sending. The whole pipeline with and without it, in alternating
 * rounds, until the ratio is known well enough or the time is over. See docs/operate/journal.md.
 */
import { Command } from 'commander';
import { postgresForTests } from '../test/support/servers.ts';
import { hearResults } from './results.ts';
import { measure, type Measured } from './send/processes.ts';
import { planAll } from './send/seed.ts';
import { setStage } from './send/stage.ts';
import { requirePostfixTools, startSink } from './send/tools.ts';

const results = hearResults('bench:journal');
const flags = new Command('bench:journal')
  .option('--messages <n>', 'newsletters a run', Number, 6_000)
  .option('--connections <n>', 'SMTP connections', Number, 40)
  .option('--minutes <n>', 'begin no round after', Number, 10)
  .parse()
  .opts<{ messages: number; connections: number; minutes: number }>();

/** The journal may cost so much of the speed. */
const MOST = 0.03;
/** The ratio is known well enough where its standard error is less. */
const KNOWN = 0.006;
const [FEWEST, MOST_ROUNDS] = [6, 60];

requirePostfixTools();
const startedMs = performance.now();
const stage = await setStage(await postgresForTests(), flags.messages);
const rounds: { speed: number; cpu: number }[] = [];
for (let n = 0; n < MOST_ROUNDS && !isEnough(); n++) rounds.push(await playRound(n));
await stage.close();
const [speed, cpu] = [summary(rounds.map((one) => one.speed)), summary(rounds.map((one) => one.cpu))];
const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
process.stdout.write(
  `\n${rounds.length} rounds of ${flags.messages} mails, ${stage.name}: with the journal, as the median of the rounds' own ratios\n` +
    `  mails a second   ${percent(speed.median)}  (standard error ${(speed.error * 100).toFixed(1)} %)   gate −${MOST * 100} %\n` +
    `  CPU of a mail    ${percent(cpu.median)}  (standard error ${(cpu.error * 100).toFixed(1)} %)\n`,
);
await results.finish();
process.exit(speed.median < 1 - MOST ? 1 : 0);

/** Who begins changes each round: what else the machine does weighs on both alike. */
async function playRound(n: number): Promise<{ speed: number; cpu: number }> {
  const bare = { JOURNAL_DIR: 'off' };
  const first = await pipeline(n % 2 === 0 ? {} : bare);
  const second = await pipeline(n % 2 === 0 ? bare : {});
  const [kept, none] = n % 2 === 0 ? [first, second] : [second, first];
  const words = [kept, none].map((one) => `${one.perSecond.toFixed(0)}/s ${one.cpuUsPerMail.toFixed(0)} µs`);
  process.stdout.write(`round ${n + 1}  with ${words[0] ?? ''}   without ${words[1] ?? ''}\n`);
  return { speed: kept.perSecond / none.perSecond, cpu: kept.cpuUsPerMail / none.cpuUsPerMail };
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
  return rounds.length >= FEWEST && summary(rounds.map(({ speed: one }) => one)).error < KNOWN;
}

/** Of ratios that scatter evenly: their median, and its standard error by the middle half of them. */
function summary(ratios: readonly number[]): { median: number; error: number } {
  const sorted = [...ratios].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { median: at(0.5), error: (1.25 * (at(0.75) - at(0.25))) / 1.35 / Math.sqrt(sorted.length) };
}
