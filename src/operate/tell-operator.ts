import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Something to tell, once per key. */
export interface Telling {
  key: string;
  subject: string;
  lines: string[];
}

/** Plans an alarm to ADMIN_EMAIL, once per key; nothing where that is unset. */
export async function tellOperator(ctx: Context, { key, subject, lines }: Telling, by: Actor): Promise<void> {
  const email = ctx.config.ADMIN_EMAIL;
  if (!email || !ctx.keys.link[0]) return;
  const now = ctx.now();
  await transaction(ctx.db, async (tx) => {
    const to = { id: null, email, language: 'en', generation: 0 };
    const isNew = await planNotice(tx, ctx.keys, { kind: 'alarm', payload: { subject, lines }, key, to }, now);
    if (isNew) await recordAct(tx, { at: now, actor: by, action: 'alarm.tell', detail: { key } });
  });
}
