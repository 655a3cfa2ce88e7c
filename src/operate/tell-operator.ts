import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/ledger/deliveries.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Something to tell, once per key. */
interface Telling {
  key: string;
  subject: string;
  lines: string[];
}

/** Plans an alarm to ADMIN_EMAIL, once per key; nothing where that is unset. */
export async function tellOperator(ctx: Context, { key, subject, lines }: Telling, by: Actor): Promise<void> {
  const email = ctx.config.ADMIN_EMAIL;
  const linkKey = ctx.keys.link[0];
  if (!email || !linkKey) return;
  const now = ctx.now();
  await transaction(ctx.db, async (tx) => {
    const isNew = await planNotice(tx, {
      kind: 'alarm',
      key,
      subscriberId: null,
      email,
      addressHash: null,
      payload: { subject, lines },
      language: 'en',
      keyId: linkKey.id,
      generation: 0,
      now,
    });
    if (isNew) await recordAct(tx, { at: now, actor: by, action: 'alarm.tell', detail: { key } });
  });
}
