import type { Answer, Moment, Mood } from './receiver.ts';

/** A mood with its name, and how many readers meet it. */
export interface NamedMood {
  name: string;
  mood: () => Mood;
  readers?: number;
  /** Domains the readers are spread over; 53 where none is given. */
  domains?: number;
  /** Mails sent before the mood is told apart. */
  pauses: 'some' | 'none' | 'any';
}

const HOUR_MS = 3_600_000;

const afterTen = (words: Answer) => (moment: Moment) => (moment.carried >= 10 ? words : null);
const forHours = (hours: number, words: string) => (moment: Moment) => (moment.atMs < hours * HOUR_MS ? words : null);
/** So many mails, then `words` until so many hours have passed. */
const quota = (mails: number, hours: number, words: string) => {
  let more = mails;
  return (moment: Moment) => {
    if (moment.atMs >= hours * HOUR_MS || more-- > 0) return null;
    return words;
  };
};
/** At most so many a second, by a bucket that holds one second's worth. */
const atMost = (perSecond: number, words: string) => {
  let [level, lastMs] = [perSecond, 0];
  return (moment: Moment) => {
    if (lastMs > 0) level = Math.min(perSecond, level + ((moment.realMs - lastMs) / 1_000) * perSecond);
    lastMs = moment.realMs;
    if (level < 1) return words;
    level -= 1;
    return null;
  };
};
/** Every recipient waits so many hours from its first try. */
const greylist = (hours: number, words: string) => {
  const first = new Map<string, number>();
  return ({ to, atMs }: Moment) => {
    if (!first.has(to)) first.set(to, atMs);
    return atMs - (first.get(to) ?? 0) < hours * HOUR_MS ? words : null;
  };
};

/** Sessions that end for their number of mails. */
export const sessions: NamedMood[] = [
  {
    name: 'ten a session, 452 at MAIL',
    mood: () => ({ mail: afterTen('452 4.4.5 Too many messages per session') }),
    pauses: 'none',
  },
  {
    name: 'ten a session, 452 after DATA',
    mood: () => ({ reply: afterTen('452 4.4.5 Too many messages per session') }),
    pauses: 'none',
  },
  { name: 'ten a session, 421 at MAIL', mood: () => ({ mail: afterTen('421 4.7.0 closing') }), pauses: 'none' },
  { name: 'ten a session, closed without a word', mood: () => ({ mail: afterTen('close') }), pauses: 'none' },
  {
    name: 'ten a session, «too many»',
    mood: () => ({ rcpt: afterTen('452 4.5.3 Too many messages') }),
    pauses: 'none',
  },
  { name: 'ten a session, «later»', mood: () => ({ rcpt: afterTen('450 4.7.1 Try later') }), pauses: 'none' },
  {
    name: 'one a session, 554',
    mood: () => ({ reply: ({ carried }) => (carried >= 1 ? '554 5.7.0 Too many messages for one session' : null) }),
    pauses: 'none',
  },
  {
    name: 'five a session, closed at DATA',
    mood: () => ({ data: ({ carried }) => (carried >= 5 ? 'close' : null) }),
    pauses: 'none',
  },
];

/** «Later» to everybody. */
export const later: NamedMood[] = [
  {
    name: '14 a second, 454 Throttling failure',
    mood: () => ({ reply: atMost(14, '454 Throttling failure: Maximum sending rate exceeded.') }),
    pauses: 'none',
  },
  {
    name: '14 a second, 450 at RCPT',
    mood: () => ({ rcpt: atMost(14, '450 4.7.1 too many messages, slow down') }),
    pauses: 'any',
  },
  {
    name: 'quota of 40 for four hours',
    mood: () => ({ reply: quota(40, 4, '454 4.7.0 Daily message quota exceeded') }),
    pauses: 'some',
  },
  {
    name: 'greylisting for four hours',
    mood: () => ({ rcpt: greylist(4, '451 4.7.1 Greylisted, come back later') }),
    pauses: 'some',
  },
  {
    name: 'greylisting that does not say so',
    mood: () => ({ rcpt: greylist(4, '450 4.7.1 Please try again later') }),
    pauses: 'some',
  },
  {
    name: 'greylisting that speaks of the system',
    mood: () => ({ rcpt: greylist(4, '450 4.3.2 Service currently unavailable') }),
    pauses: 'some',
  },
  {
    name: 'greylisting by 421 after the dot',
    mood: () => ({ reply: greylist(2, '421 4.7.1 Try again') }),
    pauses: 'some',
  },
  {
    name: 'words that change each time, for three hours',
    mood: () => ({
      rcpt: ({ atMs, to }) => (atMs < 3 * HOUR_MS ? `450 ${to.replace(/\W|\d/g, '')} is to try later` : null),
    }),
    pauses: 'some',
  },
  {
    name: 'no room for three hours, 452 4.3.1',
    mood: () => ({ mail: forHours(3, '452 4.3.1 Insufficient system storage') }),
    pauses: 'some',
  },
  {
    name: 'going down for three hours, 421 4.3.0',
    mood: () => ({ mail: forHours(3, '421 4.3.0 Temporary system problem') }),
    pauses: 'some',
  },
  {
    name: 'a scanner down for eleven hours',
    mood: () => ({ reply: forHours(11, '451 4.3.0 Temporary system problem') }),
    pauses: 'some',
  },
];

/** Our own fault. */
export const ours: NamedMood[] = [
  ['relaying refused for an hour', { rcpt: forHours(1, '554 5.7.1 Relay access denied') }],
  ['HELO refused for an hour', { mail: forHours(1, '504 5.5.2 Helo command rejected: need fully-qualified hostname') }],
  ['sender not owned for an hour', { rcpt: forHours(1, '553 5.7.1 Sender address rejected: not owned by user') }],
  ['sending limit of 40 for three hours', { reply: quota(40, 3, '550 5.4.5 Daily user sending limit exceeded') }],
  ['«limit, try again later» for an hour', { reply: forHours(1, '554 5.7.0 Message limit reached, try again later') }],
  [
    'a block list for an hour',
    { rcpt: forHours(1, '554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org') },
  ],
  ['turned away at the greeting for an hour', { greeting: forHours(1, '554 5.7.1 No SMTP service for 192.0.2.10') }],
  [
    'refused outright at RCPT for an hour',
    { rcpt: forHours(1, '554 5.7.1 <reader@d1.example>: Recipient address rejected: Access denied') },
  ],
].flatMap(([name, mood]): NamedMood[] => [{ name: name as string, mood: () => mood as Mood, pauses: 'some' }]);
ours.push(
  ...['554 5.7.1 Relay access denied', '550 5.7.1 [192.0.2.10] is on our blocklist'].flatMap((words) => [
    { name: `${words}, 15 readers`, mood: () => ({ rcpt: forHours(1, words) }), readers: 15, pauses: 'some' as const },
    {
      name: `${words}, a lab of 15`,
      mood: () => ({ rcpt: forHours(1, words) }),
      readers: 15,
      domains: 1,
      pauses: 'some' as const,
    },
  ]),
);
