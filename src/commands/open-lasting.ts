import { loadDkimKeys } from '../compose/wire/dkim.ts';
import type { Config } from '../config.ts';
import { openContext, openLog, systemNow, type OpenContext, type OpenOptions } from '../create-context.ts';
import { openClient } from '../ingest/asking/client.ts';
import { AppError, oneLine } from '../lib/errors.ts';
import { isOutage } from '../lib/outage.ts';
import { tellAwayAtStart, tellBackAtStart } from '../operate/alarms/away-at-start.ts';

/**
 * Opens a context for a process that stays. Where its database does not answer, or goes away with the process, the
 * places of ALARM_URLS hear of it, since no process may be left to tell; and of its return. Throws as `openContext`,
 * and AppError bad-input where a key that is to sign mails cannot be used: else that came out with the first mail.
 */
export async function openLasting(config: Config, options: OpenOptions = {}): Promise<OpenContext> {
  loadDkimKeys(config);
  if (config.ALARM_URLS.length === 0) return openContext(config, options);
  const log = openLog(config);
  const bare = {
    ...{ config, fetchSource: openClient(config), now: systemNow },
    warn: (target: string, problem: string) => log.warn({ target, problem }, 'an alarm was not taken'),
  };
  try {
    const lost = (words: string) => tellAwayAtStart(bare, words);
    const ctx = await openContext(config, { ...options, lost });
    await tellBackAtStart({ ...bare, now: ctx.now });
    return ctx;
  } catch (error) {
    const away = isOutage(error) || (error instanceof AppError && error.code === 'unavailable');
    if (away) await tellAwayAtStart(bare, `Offprint cannot start without its database: ${oneLine(error)}`);
    throw error;
  }
}
