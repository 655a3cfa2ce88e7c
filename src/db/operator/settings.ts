import type { Tx } from '../client.ts';
import { instant, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A setting as it was changed while the service runs. */
export interface ChangedSetting {
  name: string;
  value: string;
  changedAt: Date;
}

const changed = query(
  'changed settings',
  { name: text, value: text, changedAt: instant },
  () => sql`SELECT name, value, changed_at AS "changedAt" FROM settings`,
);

/** Loads the settings that were changed, by name. */
export async function loadChangedSettings(db: Tx): Promise<Map<string, ChangedSetting>> {
  const rows = await changed(db, {});
  return new Map(rows.map((row) => [row.name, row]));
}

const locked = query('lock settings', { name: text }, () => sql`SELECT name FROM settings FOR UPDATE`);

/** Locks the changed settings, and returns the value of one; null where it is as the program has it. */
export async function lockSetting(db: Tx, name: string): Promise<string | null> {
  await locked(db, {});
  return (await db.setting.findUnique({ where: { name } }))?.value ?? null;
}

/** Changes a setting, or with null leaves it to the program again. */
export async function storeSetting(db: Tx, name: string, value: string | null, changedAt: Date): Promise<void> {
  if (value === null) await db.setting.deleteMany({ where: { name } });
  else {
    const row = { value, changedAt };
    await db.setting.upsert({ where: { name }, create: { name, ...row }, update: row });
  }
}
