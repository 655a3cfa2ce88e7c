import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { writeMessages } from '../db/hooks/messages.ts';
import type { HookEvent } from '../model/hook.ts';

/**
 * Tells programs what happened: written down in the transaction of the change, with a call of the job that sends it, so
 * that both are there or neither. What is told names by public ids alone. Nothing where no endpoint wants it.
 */
export async function announce(
  { queue, now }: Pick<Context, 'queue' | 'now'>,
  tx: Tx,
  event: HookEvent,
  ...data: object[]
): Promise<void> {
  if (data.length > 0 && (await writeMessages(tx, event, data, now())) > 0) await queue.wake('hooks', tx);
}
