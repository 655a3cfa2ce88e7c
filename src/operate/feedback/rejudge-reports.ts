import type { Context } from '../../context.ts';
import { transaction, type Tx } from '../../db/client.ts';
import { readReports, understandAnew, type KeptEvent } from '../../db/feedback/rejudge.ts';
import { recordGrowingAct } from '../../db/operator/audit.ts';
import { parseReport } from '../../feedback/parse-report.ts';
import { rejudge, type Rejudged } from '../../feedback/rejudge.ts';
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
  /** Public id of the report, and when it came. */
  report: string;
  at: Date;
}

/** Reads the reports that are kept by today's rules, and lists whose fate differs; nothing changes. */
export async function* foreseeRejudging(
  ctx: Context,
  since: Date,
): AsyncGenerator<{ read: number; changed: ChangedFate[] }> {
  let after = 0n;
  for (;;) {
    const reports = await readReports(ctx.db, { since, after, most: PAGE });
    const changed: ChangedFate[] = [];
    for (const { publicId, at, bytes, events } of reports) {
      const understood = plainAddresses(await parseReport(bytes));
      changed.push(...rejudge(events, understood).map((one) => ({ ...one, report: publicId, at })));
    }
    yield { read: reports.length, changed };
    const last = reports.at(-1);
    if (!last || reports.length < PAGE) return;
    after = last.id;
  }
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
  const entry = { at: ctx.now(), actor: by, action: 'feedback.rejudge' };
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
  for (const { was, is, heavier } of some) {
    const id = BigInt(was.id);
    if (!free.has(id)) counts.bound += 1;
    else if (await understandAnew(tx, { id, kind: is.kind, ...is.said })) counts[heavier ? 'heavier' : 'lighter'] += 1;
  }
  return counts;
}

function plainAddresses(event: FeedbackEvent): FeedbackEvent {
  const canonical = (address: string) => {
    const checked = canonicalAddress(address);
    return checked.ok ? checked.address : address;
  };
  return { ...event, recipients: event.recipients.map((each) => ({ ...each, address: canonical(each.address) })) };
}
