import type { Db } from '../../src/db/client.ts';
import { DELIVERY_STATES, isFinal, type DeliveryState } from '../../src/model/delivery.ts';
import type { ChaosPlan, ChaosRun } from './run-chaos.ts';

/** The ledger held against the receiver's own log. */
export interface Reckoning {
  counts: Record<DeliveryState, number>;
  received: number;
  /** Recorded as sent and not received. */
  lost: number;
  /** Received more than once. */
  repeated: number;
  /** Refused or given up by the ledger, and yet received. */
  denied: number;
  /** Received under another Message-ID than the ledger's, or by nobody the ledger knows. */
  strange: number;
  /** Not in a final state. */
  unfinished: number;
  /** Uncertain without having been handed over. */
  neverInFlight: number;
  /** Uncertain beyond those the receiver itself dropped after the dot, and the most there may be. */
  doubt: number;
  doubtAllowed: number;
  problems: string[];
}

/** What there may be none of. */
const NONE = ['lost', 'repeated', 'denied', 'strange', 'unfinished', 'neverInFlight'] as const;

/** Reckons a run that is over. */
export async function reckon(db: Db, plan: ChaosPlan, run: ChaosRun): Promise<Reckoning> {
  const rows = await db.$queryRaw<{ email: string; state: DeliveryState; messageId: string | null; handed: boolean }[]>`
    SELECT email, state, message_id AS "messageId", handed_at IS NOT NULL AS handed FROM deliveries`;
  const messageIds = new Map(rows.map(({ email, messageId }) => [email, messageId]));
  const times = new Map<string, number>();
  for (const { to } of run.receiver.smtp.mails) times.set(to, (times.get(to) ?? 0) + 1);
  const many = (state: DeliveryState) => rows.filter((row) => row.state === state);
  const uncertain = many('uncertain');
  const result: Reckoning = {
    counts: Object.fromEntries(DELIVERY_STATES.map((state) => [state, many(state).length])) as Record<
      DeliveryState,
      number
    >,
    received: run.receiver.smtp.mails.length,
    lost: many('sent').filter(({ email }) => !times.has(email)).length,
    repeated: [...times.values()].filter((count) => count > 1).length,
    denied: [...many('bounced'), ...many('failed'), ...many('cancelled')].filter(({ email }) => times.has(email))
      .length,
    strange: run.receiver.smtp.mails.filter(({ to, messageId }) => messageIds.get(to) !== messageId).length,
    unfinished: rows.filter(({ state }) => !isFinal(state)).length,
    neverInFlight: uncertain.filter(({ handed }) => !handed).length,
    doubt: uncertain.filter(({ email }) => run.receiver.moodOf(email) !== 'drop-after-dot').length,
    doubtAllowed: plan.connections * (run.kills + plan.cuts * plan.workers),
    problems: [],
  };
  for (const name of NONE) if (result[name] > 0) result.problems.push(`${name}: ${result[name]}`);
  if (result.doubt > result.doubtAllowed)
    result.problems.push(`doubt: ${result.doubt}, at most ${result.doubtAllowed}`);
  return result;
}

/** Says a reckoning as a table. */
export function verdict({ counts, received, doubt, doubtAllowed, ...result }: Reckoning): string {
  const none = (name: (typeof NONE)[number]): [string, number, number] => [WORDS[name], result[name], 0];
  const rows = [...NONE.map(none), ['uncertain by our kills and cuts', doubt, doubtAllowed] as const];
  const lines = rows.map(
    ([what, found, most]) =>
      `${what.padEnd(52)}${`${found}`.padStart(8)}${`${most}`.padStart(8)}  ${found <= most ? 'ok' : 'WRONG'}`,
  );
  const states = DELIVERY_STATES.filter((state) => counts[state] > 0).map((state) => `${state} ${counts[state]}`);
  return [
    `ledger: ${states.join(', ')}; received ${received}`,
    `${''.padEnd(52)}${'found'.padStart(8)}${'most'.padStart(8)}`,
    ...lines,
  ].join('\n');
}

const WORDS: Record<(typeof NONE)[number], string> = {
  lost: 'lost: sent in the ledger, never received',
  repeated: 'repeated: received more than once',
  denied: 'denied: refused or given up, and yet received',
  strange: 'strange: received, and not as the ledger has it',
  unfinished: 'unfinished: in no final state',
  neverInFlight: 'uncertain without having been handed over',
};
