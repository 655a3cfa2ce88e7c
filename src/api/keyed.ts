import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Context } from '../context.ts';
import { beginRequest, giveUpRequest, keepAnswer, type KeptAnswer } from '../db/operator/api-answers.ts';
import type { ApiToken } from '../db/operator/api-tokens.ts';
import { bytesOf } from './body.ts';
import { ApiProblem } from './problem.ts';

/** Seconds until a request that runs is worth asking for again. */
const RETRY_SECONDS = 2;

/**
 * Answers a request once for its Idempotency-Key: who asks again within 24 hours gets the same answer and nothing is
 * done (draft-ietf-httpapi-idempotency-key-header-07). 409 while it runs, 422 where the key was used for another
 * request. What fails by our own fault is not kept.
 */
export async function answeredOnce(
  ctx: Context,
  token: ApiToken,
  req: Request,
  run: () => Promise<KeptAnswer>,
): Promise<KeptAnswer & { again: boolean }> {
  const key = req.get('idempotency-key');
  if (key === undefined) return { ...(await run()), again: false };
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new ApiProblem(400, 'Idempotency-Key: expected 1 to 255 visible ASCII characters');
  const request = { tokenId: token.id, key, requestHash: hashOf(req) };
  const begun = await beginRequest(ctx.db, request, ctx.now());
  if (begun === 'running')
    throw new ApiProblem(409, 'The request with this Idempotency-Key is still being answered', {
      headers: { 'Retry-After': String(RETRY_SECONDS) },
    });
  if (begun === 'other')
    throw new ApiProblem(422, 'This Idempotency-Key was used for another request; expected a new one');
  if (begun !== 'new') return { ...begun, again: true };
  try {
    const answer = await run();
    if (answer.status < 500) await keepAnswer(ctx.db, request, answer);
    return { ...answer, again: false };
  } finally {
    await giveUpRequest(ctx.db, request).catch(() => {}); // nothing where it was kept; else it may be asked again
  }
}

function hashOf(req: Request): Buffer {
  return createHash('sha256').update(`${req.method} ${req.originalUrl}\n`).update(bytesOf(req)).digest();
}
