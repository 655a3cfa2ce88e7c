import { Command } from 'commander';
import type { Context } from '../context.ts';
import { loadConfig, type Config } from '../config.ts';
import { openClient } from '../ingest/asking/client.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';
import { randomToken } from '../lib/random-token.ts';
import { clock } from '../look.ts';
import { sendAlarm } from '../operate/alarms/send-alarm.ts';
import { testAlarm } from '../operate/test-alarm.ts';
import { printJson, withContext } from './support.ts';

/** What became of a test at one place. */
interface Tried {
  target: string;
  ok: boolean;
  says: string;
}

/** Builds `offprint alarm test`: an alarm that says it is a test, to every place that alarms go to. */
export function alarmCommand(): Command {
  const command = new Command('alarm');
  command
    .command('test')
    .description('send an alarm that says it is a test to ADMIN_EMAIL and ALARM_URLS; exit code 1 where one fails')
    .option('--json', 'print one object a line')
    .action(async ({ json }: { json?: boolean }) => {
      const config = loadConfig();
      if (!config.ADMIN_EMAIL && config.ALARM_URLS.length === 0)
        throw new AppError('bad-input', 'Nobody is told: expected ADMIN_EMAIL or ALARM_URLS to be set.');
      const tried = [...(await tryTargets(config)), ...(config.ADMIN_EMAIL ? [await tryMail()] : [])];
      for (const one of tried) {
        if (json) printJson(one);
        else process.stdout.write(`${one.ok ? '✓' : '✗'} ${one.target}: ${one.says}\n`);
      }
      process.exitCode = tried.every(({ ok }) => ok) ? 0 : 1;
    });
  return command;
}

async function tryTargets(config: Config): Promise<Tried[]> {
  const sender = { fetchSource: openClient(config), service: config.PUBLIC_URL };
  const lines = ['This is a test: alarms arrive here.', 'Nothing is wrong, and nothing has to be done.'];
  return Promise.all(
    config.ALARM_URLS.map(async (target) => {
      const about = { code: 'test', news: 'happened', subject: 'A test of the alarms', lines } as const;
      const problem = await sendAlarm(sender, target, { id: randomToken(), at: clock(), ...about });
      return { target: target.name, ok: problem === null, says: problem ?? 'was taken' };
    }),
  );
}

/** The mail alone: the other places were tried at once, also where the database is away. */
async function tryMail(): Promise<Tried> {
  const target = 'ADMIN_EMAIL';
  try {
    await withContext((ctx) => testAlarm(mailAlone(ctx), 'cli'));
    return { target, ok: true, says: 'is planned, and leaves when a worker runs' };
  } catch (error) {
    return { target, ok: false, says: withoutSecrets(messageOf(error)) };
  }
}

function mailAlone(ctx: Context): Context {
  return { ...ctx, config: { ...ctx.config, ALARM_URLS: [] } };
}
