import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { lockSetting, storeSetting } from '../db/operator/settings.ts';
import { checkSetting, isChangeable, isLocked, refreshSettings } from '../live-settings.ts';
import type { Actor } from '../model/actor.ts';

/** What became of the wish to change a setting. */
export type SettingOutcome =
  | { outcome: 'changed' }
  | { outcome: 'unchanged' }
  /** It is none that may change while the service runs. */
  | { outcome: 'fixed' }
  /** The environment sets it. */
  | { outcome: 'locked' }
  | { outcome: 'wrong'; problem: string };

/**
 * Changes a setting while the service runs, or with null leaves it to the program again; every process heeds it within
 * seconds.
 */
export async function changeSetting(
  ctx: Context,
  name: string,
  value: string | null,
  by: Actor,
): Promise<SettingOutcome> {
  if (!isChangeable(name)) return { outcome: 'fixed' };
  if (isLocked(ctx.config, name)) return { outcome: 'locked' };
  const checked = value === null ? null : checkSetting(name, value);
  if (checked && 'problem' in checked) return { outcome: 'wrong', problem: checked.problem };
  const at = ctx.now();
  const outcome = await transaction(ctx.db, async (tx) => {
    const before = await lockSetting(tx, name);
    if (before === value) return 'unchanged' as const;
    await storeSetting(tx, name, value, at);
    const change = { before: { value: before }, after: { value } };
    await recordAct(tx, { at, actor: by, action: 'setting.change', subject: name, ...change });
    return 'changed' as const;
  });
  await refreshSettings(ctx);
  return { outcome };
}
