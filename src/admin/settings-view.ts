import type { Request } from 'express';
import { givenSettings, type Config } from '../config.ts';
import type { Context } from '../context.ts';
import { loadChangedSettings } from '../db/operator/settings.ts';
import { tableOfCells } from '../http/table.ts';
import { baseConfig, CHANGEABLE, isLocked, type ChangeableSetting } from '../live-settings.ts';
import { settingsSchema } from '../settings.ts';
import { sayingFor, type Saying } from './saying.ts';

/** Settings whose values nobody may see: they open something, or hold what does. */
const HIDDEN = /SECRET|TOKEN|KEY$|LOGIN$|_URLS?$|PROXY|^SOURCES$|_FILE$/;
const OPEN_URL = 'PUBLIC_URL';

/** Choices of those settings that have few. */
const CHOICES: Partial<Record<ChangeableSetting, readonly string[]>> = {
  ON_UNCERTAIN: ['hold', 'resend'],
  DISPOSABLE_DOMAINS: ['allow', 'refuse'],
};

/** Prepares the page of the settings: those that change at run time, and the others as they are. */
export async function settingsView(
  ctx: Context,
  req: Request,
  wrong?: { name: string; value: string; problem: string },
) {
  const say = sayingFor(ctx, req);
  const changed = await loadChangedSettings(ctx.db);
  const settings = CHANGEABLE.map((name) => {
    const row = changed.get(name);
    const locked = isLocked(ctx.config, name);
    const current = textOf(ctx.config[name]);
    const mine = wrong?.name === name ? wrong : undefined;
    return {
      ...{ name, locked, value: mine?.value ?? current, problem: mine?.problem ?? '' },
      label: say.words(`admin.settings.${name}`),
      hint: say.words(`admin.settings.${name}.hint`),
      usual: say.words('admin.settings.usual', {
        value: textOf(baseConfig(ctx.config)[name]) || say.words('admin.settings.none'),
      }),
      changed: row && !locked ? (say.when(row.changedAt) as { when: unknown }).when : null,
      options: (CHOICES[name] ?? []).map((value) => ({ value, selected: value === (mine?.value ?? current) })),
    };
  });
  return { settings, changedCount: settings.filter(({ changed }) => changed).length, others: othersTable(ctx, say) };
}

/** Everything else, as it was at the start. */
function othersTable(ctx: Context, { words }: Saying) {
  const given = givenSettings(baseConfig(ctx.config));
  const names = Object.keys(settingsSchema.shape).filter((name) => !CHANGEABLE.some((one) => one === name));
  const rows = names.map((name) => [
    { code: name },
    shownValue(name, given, words),
    words(`admin.settings.from.${given.has(name) ? 'given' : 'usual'}`),
  ]);
  const columns = ['name', 'value', 'from'].map((column) => words(`admin.settings.column.${column}`));
  return tableOfCells({ label: words('admin.settings.others'), columns, empty: '' }, rows);
}

function shownValue(name: string, given: ReadonlyMap<string, string>, words: Saying['words']): string {
  const value = given.get(name);
  if (value === undefined) return '';
  return HIDDEN.test(name) && name !== OPEN_URL ? words('admin.settings.hidden') : value;
}

/** Writes a value as it would stand in the environment. */
function textOf(value: Config[ChangeableSetting]): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  return Array.isArray(value) ? value.join(',') : `${value.from}-${value.to}`;
}
