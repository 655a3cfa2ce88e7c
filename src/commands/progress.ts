import { SingleBar } from 'cli-progress';
import { printJson } from './support.ts';

/** Hears how far long work has come. */
export interface Progress {
  update(done: number, total: number | null): void;
  stop(): void;
}

/** How far work has come, and how fast. */
export interface Pace {
  done: number;
  /** Null where it is not known beforehand. */
  total: number | null;
  /** Over the last ten seconds, to one decimal. */
  perSecond: number;
  /** Null where the end or the rate is not known yet. */
  secondsLeft: number | null;
}

const WINDOW_MS = 10_000;
/** Between two samples, so that a fast run keeps few of them. */
const SAMPLE_MS = 200;
/** Between two events of `--json`; work that is done sooner has none. */
const EVENT_MS = 1_000;

/** Creates what turns counts into a pace; `atMs` is any clock that only goes forward. */
export function createPaceMeter(startMs: number): (done: number, total: number | null, atMs: number) => Pace {
  let samples = [{ atMs: startMs, done: 0 }];
  return (done, total, atMs) => {
    if (atMs - (samples.at(-1)?.atMs ?? 0) >= SAMPLE_MS) samples.push({ atMs, done });
    const from = samples.findLastIndex((sample) => sample.atMs <= atMs - WINDOW_MS);
    samples = samples.slice(Math.max(from, 0));
    const first = samples[0] ?? { atMs: startMs, done: 0 };
    const rate = atMs > first.atMs ? ((done - first.done) * 1_000) / (atMs - first.atMs) : 0;
    const whole = total === null ? null : Math.max(total, done); // more may be planned while it runs
    return {
      done,
      total: whole,
      perSecond: Math.round(rate * 10) / 10,
      secondsLeft: whole === null || rate <= 0 ? null : Math.ceil((whole - done) / rate),
    };
  };
}

/**
 * Starts a report of long work: with `json` an event a second on stdout, on a terminal a bar on stderr, elsewhere
 * nothing.
 */
export function startProgress(label: string, { json = false }: { json?: boolean } = {}): Progress {
  if (json) return startEvents(label);
  return process.stderr.isTTY ? startBar(label) : { update: () => {}, stop: () => {} };
}

function startEvents(label: string): Progress {
  const paceOf = createPaceMeter(performance.now());
  let saidMs = performance.now();
  return {
    update: (done, total) => {
      const atMs = performance.now();
      const pace = paceOf(done, total, atMs);
      if (atMs - saidMs < EVENT_MS) return;
      saidMs = atMs;
      printJson({ progress: label, ...pace });
    },
    stop: () => {},
  };
}

function startBar(label: string): Progress {
  const bar = new SingleBar({
    format: `${label} [{bar}] {value}/{total} · {perSecond}/s · {left}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    autopadding: true,
  });
  const paceOf = createPaceMeter(performance.now());
  let started = false;
  return {
    update: (done, total) => {
      const pace = paceOf(done, total, performance.now());
      const shown = { perSecond: pace.perSecond, left: inWords(pace.secondsLeft) };
      if (!started) bar.start(pace.total ?? 0, done, shown);
      started = true;
      if (pace.total !== null) bar.setTotal(pace.total);
      bar.update(done, shown);
    },
    stop: () => bar.stop(),
  };
}

function inWords(seconds: number | null): string {
  if (seconds === null) return '…';
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min left`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`;
}
