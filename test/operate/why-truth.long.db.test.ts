import { afterAll, beforeAll, expect, it } from 'vitest';
import { cancelEdition } from '../../src/operate/cancel-edition.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { why } from '../../src/operate/why/why.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { signToken } from '../../src/links/tokens.ts';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import { editionKey } from '../../src/model/edition.ts';
import type { Composer } from '../../src/model/newsletter.ts';
import { LINES } from '../../src/model/match.ts';
import type { Cadence, Subscriber } from '../../src/model/subscriber.ts';
import { GATE_OF_END, type GateName, type Why } from '../../src/model/why.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { openMoody, type MoodyReceiver } from '../deliver/moods/receiver.ts';
import { plainComposer } from '../world/composers.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { KEY, makeReader } from '../world/readers.ts';

const database = testDatabase();
const WORDS = ['attention', 'folding', 'robots', 'graphs', 'speech', 'proofs'];
const FIRST = '2026-01-05'; // a Monday
const DAYS = 8;
const READERS = 90;
const QUESTIONS = 1_000;

/** A chance that is the same in every run (Park and Miller, 1988). */
let seed = 20_260_105;
const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;

interface Paper extends MadePaper {
  publicId: string;
  listedOn: string;
  usable: boolean;
  scores: Map<string, number>;
}
interface Reader extends Subscriber {
  wanted: string[];
  muted: string[];
  fate: { day: string; how: 'left' | 'paused' | 'blocked' | 'stays' | 'left after' };
}
/** What the test saw of a reader's slot when it was planned: where the newsletter ended, or the papers it took. */
interface Seen {
  stop: GateName | null;
  papers: number[];
  shownBefore: Set<number>;
}

let ctx: TestContext;
let receiver: MoodyReceiver;
const papers: Paper[] = [];
const readers: Reader[] = [];
const seen = new Map<string, Seen>();
const days = Array.from({ length: DAYS }, (_, n) => addDays(FIRST, n));
const CANCELLED = days[3] ?? '';
const at = (day: string, time: string) => new Date(`${day}T${time}Z`);
const run = (name: string) => runJob(ctx, jobNamed(name) ?? expect.fail(name));

const hasSlot = ({ cadence, weekday }: Subscriber, day: string) =>
  cadence === 'daily' || (cadence === 'weekdays' ? weekdayOf(day) <= 5 : weekdayOf(day) === weekday);

async function makeReaders(): Promise<void> {
  for (let n = 0; n < READERS; n++) {
    const wanted = WORDS.filter(() => chance() < 0.3);
    const muted = WORDS.filter((word) => !wanted.includes(word) && chance() < 0.15);
    const cadence = oneOf<Cadence>(['daily', 'daily', 'weekdays', 'weekly']);
    const email = `${n % 5 === 3 ? 'no' : 'yes'}-${n}@example.org`;
    const change = { email, cadence, weekday: 1 + (n % 7), maxPapers: 1 + (n % 4) };
    const [isLate, joins] = [n % 9 === 4, days[2] ?? ''];
    const joined = at(isLate ? joins : addDays(FIRST, -1), '12:00:00');
    const reader = await makeReader(ctx.db, joined, { ...change, wishes: [...wanted, ...muted.map((w) => `-${w}`)] });
    const how = oneOf(['left', 'paused', 'blocked', 'stays', 'stays', 'left after'] as const);
    const day = oneOf(days);
    readers.push({ ...reader, wanted, muted, fate: { day: isLate && day <= joins ? addDays(joins, 1) : day, how } });
  }
}

async function makeDay(day: string, n: number): Promise<void> {
  const usable = n !== 4;
  const titles = Array.from({ length: 5 }, (_, p) => `Paper ${p} of ${day} about ${oneOf(WORDS)} ${n}${p}`);
  const made = await makeDigest(ctx.db, day, titles, at(day, '02:00:00'), { state: usable ? 'accepted' : 'held' });
  if (!usable)
    await ctx.db.paper.updateMany({ where: { id: { in: made.map((p) => p.paperId) } }, data: { arrivedAt: null } });
  for (const one of made) {
    const scores = new Map(WORDS.filter(() => chance() < 0.35).map((word) => [word, chance() < 0.75 ? 0.8 : 0.4]));
    for (const [word, score] of scores) await makeMatches(ctx.db, word, [one], score);
    const { publicId } = await ctx.db.paper.findUniqueOrThrow({ where: { id: one.paperId } });
    papers.push({ ...one, publicId, listedOn: day, usable, scores });
  }
}

/** A page that shows every paper. */
const pageOf: Composer['page'] = ({ papers: all }) => ({
  ...{ subject: '', html: '' },
  text: all.map(({ entry }) => `/${entry.paperPublicId}/rate`).join('\n'),
});

/** Does what readers and operators do on a day: some before the slot, some between planning and sending. */
async function act(day: string, when: 'before' | 'between'): Promise<void> {
  for (const { publicId, email, generation, fate } of readers) {
    if (fate.day !== day) continue;
    const key = ctx.keys.link[0] ?? expect.fail('no key');
    const inBetween = when === 'between';
    if (fate.how === (inBetween ? 'left after' : 'left')) await unsubscribe(ctx, { publicId }, { actor: 'reader' });
    if (fate.how === 'blocked' && !inBetween) await suppress(ctx, { email }, 'cli');
    if (
      fate.how === 'paused' &&
      inBetween === (readers.indexOf(readers.find((r) => r.publicId === publicId)!) % 2 === 0)
    )
      await pause(ctx, signToken(key, 'preferences', publicId, generation), at(addDays(day, 3), '12:00:00'));
  }
}

/** Notes for every reader what this day's planning did, by the rows it left and by what the test did to them. */
async function note(day: string): Promise<void> {
  for (const reader of readers) {
    const key = editionKey(reader.cadence, day);
    if (!hasSlot(reader, day)) continue;
    const row = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: reader.id } });
    const blocked = await ctx.db.suppression.findUnique({ where: { addressHash: row.addressHash } });
    const newsletter = await ctx.db.newsletter.findFirst({ where: { subscriberId: reader.id, edition: { key } } });
    const before = await ctx.db.newsletter.findMany({
      where: { subscriberId: reader.id, NOT: { id: newsletter?.id ?? 0n } },
      include: { deliveries: true },
    });
    const shows = ['planned', 'sending', 'retrying', 'sent', 'uncertain'];
    const shown = before.filter(({ deliveries }) => deliveries.some(({ state }) => shows.includes(state)));
    const beside = shown.flatMap(({ trendingIds, moverIds, perhapsIds }) => [
      ...trendingIds,
      ...moverIds,
      ...(perhapsIds ?? []),
    ]);
    const byEntry = papers.filter(({ entryId }) => beside.includes(entryId)).map(({ paperId }) => paperId);
    const reading = row.confirmedAt !== null && row.confirmedAt <= at(day, '08:00:00') && row.status === 'confirmed';
    seen.set(`${reader.id} ${key}`, {
      stop: !reading
        ? 'status'
        : blocked
          ? 'suppression'
          : row.pausedUntil && row.pausedUntil > ctx.now()
            ? 'pause'
            : null,
      papers: newsletter?.paperIds ?? [],
      shownBefore: new Set([...shown.flatMap(({ paperIds }) => paperIds), ...byEntry]),
    });
  }
}

beforeAll(async () => {
  receiver = await openMoody({ rcpt: ({ to }) => (to.startsWith('no') ? '550 5.1.1 no such user' : null) }, () => 0);
  ctx = await testContext(
    database,
    { SMTP_URL: receiver.url, CONTENT_DAYS: '4' },
    { composer: () => Promise.resolve(plainComposer({ page: pageOf })) },
  );
  ctx.keys.suppression = KEY;
  await makeReaders();
  for (const word of WORDS) await makeMatches(ctx.db, word, []); // compared with all there is: nobody waits
  for (const [n, day] of days.entries()) {
    ctx.setNow(at(day, '07:00:00'));
    await makeDay(day, n);
    await act(day, 'before');
    ctx.setNow(at(day, '08:00:10'));
    await run('plan');
    await note(day);
    ctx.setNow(at(day, '08:00:20'));
    await act(day, 'between');
    if (day === CANCELLED) await cancelEdition(ctx, `daily:${day}`, 'cli');
    ctx.setNow(at(day, '08:00:30'));
    await run('deliver');
  }
}, 300_000);
afterAll(() => receiver.close());

/** Without a newsletter the test does not know which gate left nothing; without a slot one before it may stop too. */
const LOOSE: Record<string, readonly (GateName | null)[]> = {
  none: ['digest', 'match', 'mute', 'shown', 'rank'],
  'no slot': ['status', 'suppression', 'pause', 'slot'],
};

/** Where a paper, or without one the newsletter, must have ended, by what the test saw. */
async function truth(
  reader: Reader,
  key: string,
  day: string,
  paper: Paper | null,
): Promise<GateName | 'none' | 'no slot' | null> {
  const now = seen.get(`${reader.id} ${key}`);
  if (!now) return 'no slot';
  const delivery = await ctx.db.delivery.findFirst({ where: { subscriberId: reader.id, key } });
  const ended = delivery?.endReason ? GATE_OF_END[delivery.endReason] : null;
  if (!delivery && now.stop) return now.stop;
  if (!paper) return delivery ? ended : 'none';
  if (now.papers.includes(paper.paperId)) return ended;
  const inWindow = paper.listedOn >= addDays(day, -4) && paper.listedOn <= day;
  if (!paper.usable || !inWindow) return 'digest';
  const scored = (words: string[], line: number) => words.some((word) => (paper.scores.get(word) ?? -1) >= line);
  if (reader.wanted.length > 0 && !scored(reader.wanted, Math.fround(LINES.normal))) return 'match';
  if (scored(reader.muted, 0)) return 'mute';
  return now.shownBefore.has(paper.paperId) ? 'shown' : 'rank';
}

it('when random questions are asked, then each answer is what planning and sending did, and one gate says so', async () => {
  const found = new Map<string, number>();
  const wrong: string[] = [];
  ctx.setNow(at(addDays(FIRST, DAYS), '07:00:00'));
  for (let n = 0; n < QUESTIONS; n++) {
    const reader = oneOf(readers);
    const slots = reader.cadence === 'weekly' ? days.filter((day) => hasSlot(reader, day)) : days;
    const day = oneOf(slots);
    const paper = chance() < 0.8 ? oneOf(papers) : null;
    const key = editionKey(reader.cadence, day);
    const expected = await truth(reader, key, day, paper);
    const told = await why(ctx, { email: reader.email, edition: key, paper: paper?.publicId });
    const agrees = (LOOSE[expected ?? ''] ?? [expected]).includes(told.stoppedAt);
    const stop = told.gates.find(({ name }) => name === told.stoppedAt)?.says?.code;
    if (!agrees)
      wrong.push(
        `${reader.email} ${key} ${paper?.listedOn ?? '-'}: ${expected ?? 'sent'}, told ${told.stoppedAt ?? 'sent'} ${stop ?? ''}`,
      );
    expectOneStop(told);
    const delivery = await ctx.db.delivery.findFirst({ where: { subscriberId: reader.id, key } });
    expect(told.delivery?.endReason ?? null).toBe(delivery?.endReason ?? null);
    found.set(told.stoppedAt ?? 'sent', (found.get(told.stoppedAt ?? 'sent') ?? 0) + 1);
  }
  expect(wrong).toEqual([]);
  for (const gate of [
    'status',
    'suppression',
    'pause',
    'slot',
    'digest',
    'match',
    'mute',
    'shown',
    'rank',
    'reply',
    'sent',
  ])
    expect([gate, found.get(gate) ?? 0]).toEqual([gate, expect.any(Number)]);
  expect([...found.keys()].sort()).toEqual([
    'digest',
    'match',
    'mute',
    'pause',
    'rank',
    'reply',
    'sent',
    'shown',
    'slot',
    'status',
    'suppression',
  ]);
}, 300_000);

function expectOneStop({ gates, stoppedAt }: Why): void {
  const at = gates.findIndex(({ name }) => name === stoppedAt);
  expect(gates.filter(({ standing }) => standing === 'stopped')).toHaveLength(at < 0 ? 0 : 1);
  if (at >= 0) expect(gates.slice(at + 1).every(({ standing }) => standing === 'not-reached')).toBe(true);
}
