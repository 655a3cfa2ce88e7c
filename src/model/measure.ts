/** One number to watch, as Prometheus wants it; labels take few values, all known before. */
export interface Measure {
  name: string;
  help: string;
  values: { labels: Record<string, string>; value: number }[];
}
