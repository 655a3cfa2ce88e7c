/** One look at a process. */
export interface Sample {
  /** Seconds since it was first looked at. */
  atSeconds: number;
  values: Readonly<Record<string, number>>;
}

/** What is watched, and by how much it may rise in ten minutes. */
export interface Watched {
  name: string;
  unit: string;
  /** Most that it may rise in ten minutes. */
  bound: number;
  /** Of memory: what it falls to between two collections counts, the least of each minute. */
  leastOfMinute?: boolean;
}

/** How one of them went. */
export interface Rise extends Watched {
  from: number;
  to: number;
  /** In ten minutes, by the line of least squares, and its standard error. */
  perTenMinutes: number;
  error: number;
  /** `rises` where it is over the bound by more than chance; `unknown` where the line is known too little to tell. */
  verdict: 'flat' | 'rises' | 'unknown';
}

const TEN_MINUTES = 600;
const MINUTE = 60;
/** A line through fewer points tells nothing. */
const FEWEST = 5;

/**
 * Fits a line to each of what is watched, from when it is warm. Two standard errors decide: a rise is one whose least
 * is over the bound, flat is one whose most is under it.
 */
export function risesOf(samples: readonly Sample[], watched: readonly Watched[], warmSeconds: number): Rise[] {
  const warm = samples.filter(({ atSeconds }) => atSeconds >= warmSeconds);
  return watched.map((one) => {
    const points = pointsOf(warm, one);
    const line = lineThrough(points);
    const [perTenMinutes, error] = [line.slope * TEN_MINUTES, line.error * TEN_MINUTES];
    const known = points.length >= FEWEST;
    const verdict = !known
      ? 'unknown'
      : perTenMinutes - 2 * error > one.bound
        ? 'rises'
        : perTenMinutes + 2 * error <= one.bound
          ? 'flat'
          : 'unknown';
    return { ...one, from: points[0]?.[1] ?? 0, to: points.at(-1)?.[1] ?? 0, perTenMinutes, error, verdict };
  });
}

type Point = readonly [x: number, y: number];

function pointsOf(samples: readonly Sample[], { name, leastOfMinute }: Watched): Point[] {
  const all = samples.map(({ atSeconds, values }): Point => [atSeconds, values[name] ?? Number.NaN]);
  if (!leastOfMinute) return all;
  const minutes = new Map<number, Point>();
  for (const point of all) {
    const minute = Math.floor(point[0] / MINUTE);
    const least = minutes.get(minute);
    if (!least || point[1] < least[1]) minutes.set(minute, point);
  }
  return [...minutes.values()];
}

/** The line of least squares, and the standard error of its slope. */
function lineThrough(points: readonly Point[]): { slope: number; error: number } {
  const count = points.length;
  const meanX = sum(points.map(([x]) => x)) / count;
  const meanY = sum(points.map(([, y]) => y)) / count;
  const spread = sum(points.map(([x]) => (x - meanX) ** 2));
  const slope = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
  const rest = sum(points.map(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2));
  return { slope, error: Math.sqrt(rest / Math.max(1, count - 2) / spread) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
