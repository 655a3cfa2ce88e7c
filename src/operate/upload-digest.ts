import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { keepUpload } from '../db/digests/captures.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** A file that an operator hands in. */
export interface Upload {
  source: string;
  name: string;
  bytes: Uint8Array;
  /** List day it is given, YYYY-MM-DD. */
  on: string | undefined;
}

/** Hands a file to the ingest job, which reads it as it reads any other; `known` where it did before. */
export async function uploadDigest(
  ctx: Context,
  upload: Upload,
  by: Actor,
): Promise<{ outcome: 'received' | 'known' }> {
  const now = ctx.now();
  const sha256 = createHash('sha256').update(upload.bytes).digest('hex');
  return transaction(ctx.db, async (tx) => {
    if (!(await keepUpload(tx, { ...upload, sha256 }, now))) return { outcome: 'known' };
    const { source, name } = upload;
    await recordAct(tx, { at: now, actor: by, action: 'digest.upload', subject: source, detail: { name, sha256 } });
    await ctx.queue.wake('ingest', tx);
    return { outcome: 'received' };
  });
}
