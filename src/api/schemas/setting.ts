import { z } from 'zod';
import { ORIGINS, type SettingInForce } from '../../operate/settings-in-force.ts';

/** The settings in force, as `config --json` tells them. */
export const settingsAnswer = z.object({
  settings: z.array(
    z.object({
      name: z.string(),
      value: z.string().nullable().describe('Without what opens anything; null where nothing is set'),
      from: z.enum(ORIGINS),
      file: z.string().nullable().describe('The file that NAME_FILE names'),
      secret: z.boolean(),
    }),
  ),
});

/** Tells the settings in force. */
export function settingsView(settings: readonly SettingInForce[]): z.output<typeof settingsAnswer> {
  return { settings: settings.map(({ name, value, from, file, secret }) => ({ name, value, from, file, secret })) };
}
