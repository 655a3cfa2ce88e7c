import { lockSetting, storeSetting } from '../../db/operator/settings.ts';
import { isLocked } from '../../live-settings.ts';
import type { WayBack } from './way-back.ts';

/** Changing a setting. */
export const settingWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => (subject === null ? null : { value: await lockSetting(tx, subject) }),
  restore: async (ctx, tx, { subject, before }, { now }) => {
    const name = subject ?? '';
    if (isLocked(ctx.config, name)) return { words: `the environment sets ${name} now` };
    const value = before['value'];
    await storeSetting(tx, name, typeof value === 'string' ? value : null, now);
    return null;
  },
};
