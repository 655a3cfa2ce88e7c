import type { Context } from '../../context.ts';
import { transaction, type Tx } from '../../db/client.ts';
import { recordEvents } from '../../db/feedback/events.ts';
import {
  dropUnplaced,
  readReports,
  understandAnew,
  type KeptEvent,
  type KeptReport,
} from '../../db/feedback/rejudge.ts';
import { findMails } from '../../db/feedback/reports.ts';
import { recordGrowingAct } from '../../db/operator/audit.ts';
import { cluesIn } from '../../feedback/clues.ts';
import type { PlacedEvent } from '../../feedback/events-of.ts';
import { understand } from '../../feedback/parse-report.ts';
import { placeAnew, rejudge, type Rejudged } from '../../feedback/rejudge.ts';
import type { FeedbackEvent } from '../../feedback/event.ts';
import { canonicalAddress } from '../../model/address.ts';
import type { Actor } from '../../model/actor.ts';
import { takeOut } from '../../standing/weigh-anew.ts';
import { weighEvents } from '../../standing/weigh-events.ts';

/** Reports read at a time, and events weighed anew in one transaction. */
const PAGE = 100;
const BATCH = 200;

/** An event whose fate differs, with its report. */
export interface ChangedFate extends Rejudged<KeptEvent> {
  report: ReportTrace;
}

/** Of a report, what is kept of it while others are read. */
type ReportTrace = Pick<KeptReport, 'id' | 'publicId' | 'at' | 'door'>;

/** Reads the reports that are kept by today's rules, and lists whose fate differs; nothing changes. */
export async function* foreseeRejudging(
  ctx: Context,
  since: Date,
): AsyncGenerator<{ read: number; changed: ChangedFate[] }> {
  let after = 0n;
  for (;;) {
    const reports = await readReports(ctx.db, { since, after, most: PAGE });
    const changed = await changedOf(ctx, reports);
    yield { read: reports.length, changed };
    const last = reports.at(-1);
    if (!last || reports.length < PAGE) return;
    after = last.id;
  }
}

async function changedOf(ctx: Context, reports: readonly KeptReport[]): Promise<ChangedFate[]> {
  const read = await Promise.all(
    reports.map(async (report) => {
      const { event, mail } = await understand(report.bytes);
      const { signed, isForged, mentioned } = cluesIn(ctx.keys.link, [], mail);
      return { report, event: plainAddresses(event), named: isForged ? [] : signed ? [signed] : mentioned };
    }),
  );
  const strays = read.filter(({ report }) => report.events.every(({ delivery }) => delivery === null));
  const mails = await findMails(ctx.db, { publicIds: strays.flatMap(({ named }) => named), ids: [] });
  const byId = new Map(mails.map((mail) => [mail.publicId, mail]));
  return read.flatMap(({ report, event, named }) => {
    const { id, publicId, at, door } = report;
    const mail = named.flatMap((id) => byId.get(id) ?? [])[0] ?? null;
    const placed = placeAnew(report.events, event, mail);
    return [...rejudge(report.events, event), ...(placed ? [placed] : [])].map((one) => ({
      ...one,
      report: { id, publicId, at, door },
    }));
  });
}

/** What rejudging came to; `bound` are those on which something newer stands: they stay as they are. */
export interface RejudgeCounts {
  heavier: number;
  lighter: number;
  bound: number;
}

/**
 * Takes back what these events did, says what they are by today's rules, and weighs them anew, with all that came after
 * them for the same addresses.
 */
export async function rejudgeReports(ctx: Context, changed: readonly ChangedFate[], by: Actor): Promise<RejudgeCounts> {
  const counts: RejudgeCounts = { heavier: 0, lighter: 0, bound: 0 };
  const entry = { at: ctx.now(), actor: by, action: 'feedback.rejudge' } as const;
  const note = recordGrowingAct(entry, ['heavier', 'lighter', 'bound']);
  for (let at = 0; at < changed.length; at += BATCH) {
    const own = await transaction(ctx.db, async (tx) => {
      const done = await rejudgeSome(ctx, tx, changed.slice(at, at + BATCH));
      await note(tx, done);
      return done;
    });
    for (const name of ['heavier', 'lighter', 'bound'] as const) counts[name] += own[name];
  }
  await weighEvents(ctx);
  return counts;
}

async function rejudgeSome(ctx: Context, tx: Tx, some: readonly ChangedFate[]): Promise<RejudgeCounts> {
  const { out } = await takeOut(
    ctx,
    tx,
    some.map(({ was }) => BigInt(was.id)),
  );
  const free = new Set(out);
  const counts: RejudgeCounts = { heavier: 0, lighter: 0, bound: 0 };
  for (const { was, is, heavier, report } of some) {
    const id = BigInt(was.id);
    if (!was.delivery) counts[(await placeWithin(tx, id, is, report)) ? 'heavier' : 'bound'] += 1;
    else if (!free.has(id)) counts.bound += 1;
    else if (await understandAnew(tx, { id, kind: is.kind, ...is.said })) counts[heavier ? 'heavier' : 'lighter'] += 1;
  }
  return counts;
}

/** Records what a report says of a mail that it had not been known to speak of. */
async function placeWithin(
  tx: Tx,
  id: bigint,
  { kind, mail, said }: PlacedEvent,
  report: ReportTrace,
): Promise<boolean> {
  if (!mail || !(await dropUnplaced(tx, id))) return false;
  const event = {
    door: report.door,
    kind,
    reportId: report.id,
    deliveryId: mail.id,
    named: null,
    subscriberId: null,
    providerId: null,
  };
  return (await recordEvents(tx, [{ ...event, ...said }], report.at)).size > 0;
}

function plainAddresses(event: FeedbackEvent): FeedbackEvent {
  const canonical = (address: string) => {
    const checked = canonicalAddress(address);
    return checked.ok ? checked.address : address;
  };
  return { ...event, recipients: event.recipients.map((each) => ({ ...each, address: canonical(each.address) })) };
}
