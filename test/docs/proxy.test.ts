import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAX_BYTES } from '../../src/admin/routes/imports.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** Caddy counts in thousands, nginx in 1024s. */
const SIZES = { 'max_size (\\d+)MB': 1e6, 'client_max_body_size (\\d+)m;': 1024 ** 2 };

test.each(Object.entries(SIZES))(
  'when a proxy stands as its page says (%s), then the largest file passes',
  (size, unit) => {
    const page = readFileSync(join(PACKAGE_ROOT, 'docs/operate/proxy.md'), 'utf8');
    const [, said = ''] = new RegExp(size).exec(page) ?? [];
    const form = 64 * 1024; // what it wraps around its file
    expect(Number(said) * unit).toBeGreaterThan(MAX_BYTES + form);
  },
);
