import { Command } from 'commander';
import { settingsView } from '../api/schemas/setting.ts';
import { loadConfig, type Config } from '../config.ts';
import { loadChangedSettings, type ChangedSetting } from '../db/operator/settings.ts';
import { oneLine } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';
import { openLook } from '../look.ts';
import { settingsInForce, type SettingInForce } from '../operate/settings-in-force.ts';
import { printJson, printTable } from './support.ts';

/** Builds `offprint config`: every setting with the value in force and where it comes from, secrets masked. */
export function configCommand(): Command {
  return new Command('config').option('--json', 'print all as one object').action(async (flags: { json?: boolean }) => {
    const config = loadConfig();
    const settings = settingsInForce(config, await changedSettings(config));
    if (flags.json) printJson(settingsView(settings));
    else printTable(settings.map(asRow), '');
  });
}

/** What was changed while the service ran; where the database cannot say, that is told and the rest is shown. */
async function changedSettings(config: Config): Promise<ReadonlyMap<string, ChangedSetting>> {
  try {
    const look = await openLook(config);
    try {
      return await loadChangedSettings(look.db);
    } finally {
      await look.close();
    }
  } catch (error) {
    process.stderr.write(`Warning: what admins changed could not be read: ${withoutSecrets(oneLine(error))}\n`);
    return new Map();
  }
}

function asRow({ name, value, from, file }: SettingInForce): Record<string, string | null> {
  return { setting: name, 'comes from': file === null ? from : `${from} ${file}`, value };
}
