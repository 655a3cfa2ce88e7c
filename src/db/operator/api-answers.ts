import type { Tx } from '../client.ts';
import { bool, bytea, int4, jsonb, orNull, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** A request that runs longer than this died with its process: who asks again takes its place. */
const DEAD_MS = 120_000;
/** How long an answer is given again. */
export const ANSWER_HOURS = 24;

/** What a request was answered. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One request of a token's, by the key it gave it. */
export interface KeyedRequest {
  tokenId: number;
  key: string;
  /** SHA-256 of what was asked. */
  requestHash: Uint8Array;
}

/** What is known of a request: it is the caller's to run; it runs; its key was used for another; its answer. */
export type Begun = 'new' | 'running' | 'other' | KeptAnswer;

const begin = query(
  'begin a keyed request',
  { begun: bool },
  (given: { tokenId: number; key: string; hash: Uint8Array; now: Date; dead: Date; old: Date }) => sql`
    INSERT INTO api_answers AS a (token_id, key, request_hash, begun_at)
    VALUES (${given.tokenId}, ${given.key}, ${given.hash}, ${given.now})
    ON CONFLICT (token_id, key) DO UPDATE
    SET request_hash = excluded.request_hash, begun_at = excluded.begun_at, status = NULL, headers = NULL, body = NULL
    WHERE a.begun_at < ${given.old} OR (a.status IS NULL AND a.begun_at < ${given.dead} AND a.request_hash = excluded.request_hash)
    RETURNING true AS begun`,
);

const keptAnswer = query(
  'answer of a keyed request',
  { requestHash: bytea, status: orNull(int4), headers: orNull(jsonb), body: orNull(text) },
  (given: { tokenId: number; key: string }) => sql`
    SELECT request_hash AS "requestHash", status, headers, body FROM api_answers
    WHERE token_id = ${given.tokenId} AND key = ${given.key}`,
);

/** Begins a request, unless its key was used in the last 24 hours; of two at the same moment one begins. */
export async function beginRequest(db: Tx, { tokenId, key, requestHash }: KeyedRequest, now: Date): Promise<Begun> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const hash = Uint8Array.from(requestHash);
  const bounds = { now, dead: before(DEAD_MS), old: before(ANSWER_HOURS * 3_600_000) };
  if ((await begin(db, { tokenId, key, hash, ...bounds })).length > 0) return 'new';
  const [kept] = await keptAnswer(db, { tokenId, key });
  if (!kept) return 'running'; // given up at this very moment
  if (!Buffer.from(kept.requestHash).equals(hash)) return 'other';
  if (kept.status === null) return 'running';
  return { status: kept.status, headers: kept.headers as Record<string, string>, body: kept.body ?? '' };
}

/** Keeps the answer of a request that was begun. */
export async function keepAnswer(db: Tx, { tokenId, key }: KeyedRequest, answer: KeptAnswer): Promise<void> {
  await db.apiAnswer.updateMany({ where: { tokenId, key }, data: answer });
}

/** Forgets a request that failed by our own fault: asking again tries again. */
export async function giveUpRequest(db: Tx, { tokenId, key }: KeyedRequest): Promise<void> {
  await db.apiAnswer.deleteMany({ where: { tokenId, key, status: null } });
}

/** Forgets answers that are given no more; returns how many. */
export async function forgetAnswers(db: Tx, now: Date): Promise<number> {
  const before = new Date(now.getTime() - ANSWER_HOURS * 3_600_000);
  return (await db.apiAnswer.deleteMany({ where: { begunAt: { lt: before } } })).count;
}

const forgetNaming = command(
  'forget answers naming a subscriber',
  (given: { publicId: string }) => sql`DELETE FROM api_answers WHERE strpos(body, ${given.publicId}) > 0`,
);

/** Forgets the answers that tell of a subscriber, since they hold their data. */
export async function forgetAnswersAbout(db: Tx, publicId: string): Promise<void> {
  await forgetNaming(db, { publicId });
}
