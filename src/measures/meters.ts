import type * as Library from 'prom-client';
import type { Histogram, Registry } from 'prom-client';
import type { AnsweredRequest, Meters, TriedMail } from '../context.ts';
import type { Measure } from '../model/measure.ts';
import { packageVersion } from '../package.ts';

/** Prometheus' text format, as the library writes it. */
export const METERS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Upper bounds in seconds: pages take some ms, a mail server some 100. */
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SMTP_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** What happens before anybody looks is kept for them, so much of it; the library is loaded by the first who looks. */
const KEPT = 5_000;

type Seen = { request: AnsweredRequest } | { mail: TriedMail };

/** Opens what counts in this process; until it is first read it costs next to nothing. */
export function openMeters(): Meters {
  const before: Seen[] = [];
  let opening: Promise<Opened> | undefined;
  let opened: Opened | undefined;
  const note = (seen: Seen) => {
    if (opened) count(opened, seen);
    else if (before.length < KEPT) before.push(seen);
  };
  return {
    answered: (request) => note({ request }),
    tried: (mail) => note({ mail }),
    text: async (measures) => {
      opened ??= await (opening ??= open());
      for (const seen of before.splice(0)) count(opened, seen);
      return `${await gauges(opened, measures)}${await opened.registry.metrics()}`;
    },
  };
}

interface Opened {
  library: typeof Library;
  registry: Registry;
  http: Histogram;
  smtp: Histogram;
}

async function open(): Promise<Opened> {
  const library = await import('prom-client');
  const registry = new library.Registry();
  library.collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new library.Gauge({ name: 'offprint_info', help: 'The release that runs.', labelNames: ['version'], registers }).set(
    { version: packageVersion() },
    1,
  );
  const http = new library.Histogram({
    name: 'offprint_http_request_seconds',
    help: 'Requests that this process answered, by route and class of status.',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_SECONDS,
    registers,
  });
  const smtp = new library.Histogram({
    name: 'offprint_smtp_seconds',
    help: 'Newsletters that this process handed to a mail server, by how it answered: accepted, refused or lost.',
    labelNames: ['relay', 'outcome'],
    buckets: SMTP_SECONDS,
    registers,
  });
  return { library, registry, http, smtp };
}

function count({ http, smtp }: Opened, seen: Seen): void {
  if ('mail' in seen) return smtp.observe({ relay: seen.mail.relay, outcome: seen.mail.outcome }, seen.mail.seconds);
  const { method, route, status, seconds } = seen.request;
  const labels = { method: METHODS.has(method) ? method : 'other', route, status: `${Math.floor(status / 100)}xx` };
  http.observe(labels, seconds);
}

/** Numbers that are read when somebody looks. */
function gauges({ library }: Opened, measures: readonly Measure[]): Promise<string> {
  const registry = new library.Registry();
  for (const { name, help, values } of measures) {
    // One without labels begins as 0, which nobody said: where there is no value, a label keeps it from being told.
    const labelNames = Object.keys(values[0]?.labels ?? { none: '' });
    const gauge = new library.Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of values) gauge.set(labels, value);
  }
  return registry.metrics();
}
