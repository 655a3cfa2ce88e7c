import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { recordAct } from '../db/operator/audit.ts';
import { noteEvent } from '../db/operator/open-alarms.ts';
import type { Actor } from '../model/actor.ts';
import { eventOf } from './alarms/codes.ts';

/** Something to tell, once per key. */
export interface Telling {
  key: string;
  subject: string;
  lines: string[];
}

/**
 * Plans an alarm to ADMIN_EMAIL, once per key, and lets what has no end be told over ALARM_URLS too; nothing where
 * neither is set. What lasts is seen, and told there, by `alarms/watch.ts`.
 */
export async function tellOperator(ctx: Context, { key, subject, lines }: Telling, by: Actor): Promise<void> {
  const { ADMIN_EMAIL: email, ALARM_URLS: targets } = ctx.config;
  const code = targets.length > 0 ? eventOf(key) : null;
  if (code === null && !email) return;
  const now = ctx.now();
  await transaction(ctx.db, async (tx) => {
    if (code !== null) await noteEvent(tx, { key, code, subject, lines });
    if (!email || !ctx.keys.link[0]) return;
    const to = { id: null, email, language: 'en', generation: 0 };
    const isNew = await planNotice(tx, ctx.keys, { kind: 'alarm', payload: { subject, lines }, key, to }, now);
    if (isNew) await recordAct(tx, { at: now, actor: by, action: 'alarm.tell', detail: { key } });
  });
}
