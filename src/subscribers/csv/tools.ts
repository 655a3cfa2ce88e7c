import type { CsvRecord } from './columns.ts';

/** A program whose exports are known by their headers. */
export interface Tool {
  name: string;
  /** One of these beside an address: it is this tool's. */
  marks: readonly string[];
  /** Columns that mean something else there than a column of ours of the same name. */
  owns: readonly string[];
  /** Columns that are read for what they say of a reader. */
  uses: readonly string[];
  /** What its columns say in ours. */
  read: (theirs: (name: string) => string) => CsvRecord;
  /** What holds whatever another column says. */
  settled?: (theirs: (name: string) => string) => CsvRecord;
}

/**
 * Names of columns in lower case, as the exports had them in 2026. None says that a reader is confirmed: they agreed to
 * another newsletter, so they are asked. Who left there, or bounces there, is taken in as unsubscribed.
 */
const TOOLS: readonly Tool[] = [
  {
    name: 'Mailchimp',
    marks: ['leid', 'euid', 'member_rating', 'optin_time', 'confirm_time'],
    owns: ['status', 'topics', 'interests'],
    uses: ['confirm_time', 'optin_time', 'unsub_time', 'clean_time'],
    read: (theirs) => evidence(theirs('confirm_time') || theirs('optin_time'), 'Mailchimp'),
    settled: (theirs) => (theirs('unsub_time') || theirs('clean_time') ? GONE : {}),
  },
  {
    name: 'Substack',
    marks: ['active_subscription', 'email_disabled', 'stripe_plan', 'subscription_source_(free)'],
    owns: ['status', 'topics', 'interests'],
    uses: ['created_at', 'start_date', 'email_disabled'],
    read: (theirs) => evidence(theirs('created_at') || theirs('start_date'), 'Substack'),
    settled: (theirs) => (/^(true|yes|1)$/i.test(theirs('email_disabled')) ? GONE : {}),
  },
  {
    name: 'listmonk',
    marks: ['attributes'],
    owns: ['status'],
    uses: ['created_at', 'status'],
    read: (theirs) => evidence(theirs('created_at'), 'listmonk'),
    settled: (theirs) => (/^(disabled|blocklisted|blacklisted)$/i.test(theirs('status')) ? GONE : {}),
  },
];

const GONE: CsvRecord = { status: 'unsubscribed' };

/** Tells whose export a header is of, by its names in lower case; null where it is nobody's that is known. */
export function toolOf(names: readonly string[]): Tool | null {
  return TOOLS.find(({ marks }) => marks.some((mark) => names.includes(mark))) ?? null;
}

/** When somebody joined there; a time without a zone is UTC. */
function evidence(at: string, source: string): CsvRecord {
  if (at === '') return {};
  const plain = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?: ?UTC)?$/.exec(at);
  return { consent_at: plain ? `${plain[1]}T${plain[2]}Z` : at, consent_source: source };
}
