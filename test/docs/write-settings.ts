/** Writes docs/settings.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { settingsPage } from './settings-page.ts';

writeFileSync(join(PACKAGE_ROOT, 'docs', 'settings.md'), settingsPage());
