/** What an alarm is called: each has its section in docs/operate/alarms.md. */
export const ALARM_CODES = [
  ...([
    'database-away',
    'disk-low',
    'clock-off',
    'process-lost',
    'sending-paused',
    'relay-out',
    'readers-late',
  ] as const),
  ...([
    'job-fails',
    'no-digest',
    'digest-held',
    'source-failing',
    'source-silent',
    'readers-aside',
    'uncertain',
  ] as const),
  ...([
    'edition-paused',
    'edition-failing',
    'ledger-wrong',
    'file-rejected',
    'webhook-off',
    'refusals',
    'test',
  ] as const),
  ...(['addresses-refused', 'complaints', 'bounces-silent', 'letters'] as const),
  ...(['on-hold', 'backup', 'journal-fails'] as const),
  ...(['other', 'job-silent', 'queue-lags', 'source-trouble', 'server-errors', 'slow-loop'] as const),
] as const;

export type AlarmCode = (typeof ALARM_CODES)[number];

/**
 * What is told once and has no end, by the first word of its key. What is not here lasts, is looked for by
 * `look-for-trouble.ts`, and is told by it.
 */
const EVENTS: Readonly<Record<string, AlarmCode>> = {
  edition: 'edition-failing',
  ledger: 'ledger-wrong',
  capture: 'file-rejected',
  file: 'file-rejected',
  webhook: 'webhook-off',
  refusals: 'refusals',
  'refusals-over': 'refusals',
  'outage-believed': 'refusals',
  refused: 'addresses-refused',
  complaints: 'complaints',
  'complaints-pause': 'complaints',
  test: 'test',
};
const LASTING = new Set(['circuit', 'relay', 'job', 'digest', 'source', 'readers', 'alarm']);

/** Names what an alarm of a mail's key is, where it is told once; null where it lasts and is told as such. */
export function eventOf(key: string): AlarmCode | null {
  const [first = ''] = key.split(':');
  return LASTING.has(first) ? null : (EVENTS[first] ?? 'other');
}

/** Says where it is written what an alarm means and what to do. */
export function pageOf(code: AlarmCode): string {
  return `docs/operate/alarms.md#${code}`;
}
