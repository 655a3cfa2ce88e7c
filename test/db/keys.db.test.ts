import { describe, expect, test } from 'vitest';
import { loadKeys } from '../../src/db/keys.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');

describe('loadKeys', () => {
  test('when several processes start at once, then all hold the same keys', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => loadKeys(database.db, undefined, now)));
    expect(await database.db.key.count()).toBe(2);
    for (const keys of all) expect(keys).toEqual(all[0]);
    expect(all[0]?.suppression).toHaveLength(32);
  });

  test('when SECRET wraps them, then a dump holds no usable key and another SECRET is refused', async () => {
    await database.db.key.deleteMany();
    const keys = await loadKeys(database.db, 'a long enough secret', now);
    const rows = await database.db.key.findMany();
    expect(rows.every((row) => row.wrapped && !Buffer.from(row.secret).includes(keys.suppression))).toBe(true);
    expect(await loadKeys(database.db, 'a long enough secret', now)).toEqual(keys);
    await expect(loadKeys(database.db, 'another long secret', now)).rejects.toThrow(/SECRET .* does not open/);
    await expect(loadKeys(database.db, undefined, now)).rejects.toThrow(/set SECRET/);
  });

  test('when SECRET is set later, then the same keys are wrapped from then on', async () => {
    await database.db.key.deleteMany();
    const bare = await loadKeys(database.db, undefined, now);
    expect(await loadKeys(database.db, 'set a year later', now)).toEqual(bare);
    const rows = await database.db.key.findMany();
    expect(rows.every((row) => row.wrapped && !Buffer.from(row.secret).includes(bare.suppression))).toBe(true);
    expect(await loadKeys(database.db, 'set a year later', now)).toEqual(bare);
  });
});
