import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { settingsSchema } from '../../src/settings.ts';
import { settingsPage } from './settings-page.ts';

test('when a setting changes, then its page says so (npm run docs:settings writes it)', () => {
  expect(readFileSync(join(PACKAGE_ROOT, 'docs', 'settings.md'), 'utf8')).toBe(settingsPage());
});

test('when somebody looks a setting up, then each has its row and words', () => {
  const page = settingsPage();
  for (const name of Object.keys(settingsSchema.shape)) expect(page).toContain(`\`${name}\``);
  expect(page).not.toMatch(/\|\s*\|\n/);
});
