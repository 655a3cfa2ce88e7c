import { describe, expect, test } from 'vitest';
import { addLinkKey, howKeysOpen, loadKeys, refreshKeys } from '../../src/db/keys.ts';
import { deleteLinkKeys, listKeys } from '../../src/db/keys-list.ts';
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

describe('another SECRET', () => {
  const [old, own] = ['what it was for a year', 'what it is from now on'];

  test('when the old one is told as SECRET_PREVIOUS, then the same keys are wrapped anew, and it is needed no more', async () => {
    await database.db.key.deleteMany();
    const keys = await loadKeys(database.db, old, now);
    expect(await howKeysOpen(database.db, { secret: own, previous: [old] })).toEqual({ how: 'opens-by-previous' });
    expect(await loadKeys(database.db, own, now, ['never was one of ours', old])).toEqual(keys);
    expect(await loadKeys(database.db, own, now)).toEqual(keys);
    expect(await howKeysOpen(database.db, { secret: own, previous: [old] })).toEqual({ how: 'opens' });
    await expect(loadKeys(database.db, old, now)).rejects.toThrow(/does not open/);
  });

  test('when nothing opens one of the keys, then none is changed', async () => {
    await database.db.key.deleteMany();
    await loadKeys(database.db, old, now);
    const before = await database.db.key.findMany({ orderBy: { id: 'asc' } });
    const wrong = loadKeys(database.db, own, now, ['no, this is not it either']);
    await expect(wrong).rejects.toThrow(/SECRET_PREVIOUS/);
    expect(await database.db.key.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
  });

  test('when a process still runs with the old one, then it keeps its keys, and one told both opens a key made by either', async () => {
    await database.db.key.deleteMany();
    const running = await loadKeys(database.db, old, now);
    const restarted = await loadKeys(database.db, own, now, [old]);
    await refreshKeys(database.db, running);
    expect(running).toEqual(restarted);
    await addLinkKey(database.db, running, now); // by the one with the old SECRET
    await refreshKeys(database.db, restarted);
    expect(restarted.link).toHaveLength(2);
  });
});

describe('rotation', () => {
  test('when a key is made, then a process that started earlier takes it up, wrapped as the others, and keeps what it had', async () => {
    await database.db.key.deleteMany();
    const secret = 'a long enough secret';
    const [one, other] = [await loadKeys(database.db, secret, now), await loadKeys(database.db, secret, now)];
    const [first] = other.link;
    const id = await addLinkKey(database.db, one, now);
    expect((await database.db.key.findUniqueOrThrow({ where: { id } })).wrapped).toBe(true);
    await Promise.all([refreshKeys(database.db, one), refreshKeys(database.db, other)]);
    expect(other).toEqual(one);
    expect(other.link.map((key) => key.id)).toEqual([id, first?.id]);
    expect(other.link[1]).toBe(first);
    expect(await loadKeys(database.db, secret, now)).toEqual(one);
  });

  test('when keys are deleted, then the newest link key and the suppression key stay whatever is asked', async () => {
    await database.db.key.deleteMany();
    const keys = await loadKeys(database.db, undefined, now);
    for (let n = 0; n < 2; n++) await addLinkKey(database.db, keys, now);
    const all = (await listKeys(database.db)).map(({ id }) => id);
    const gone = await deleteLinkKeys(database.db, all);
    const left = await listKeys(database.db);
    expect(gone).toHaveLength(2);
    expect(left.map(({ purpose }) => purpose).sort()).toEqual(['link', 'suppression']);
    expect(left.find(({ purpose }) => purpose === 'link')?.id).toBe(Math.max(...all));
    await refreshKeys(database.db, keys);
    expect(keys.link.map(({ id }) => id)).toEqual([Math.max(...all)]);
  });

  test('when keys are listed, then their secrets are not told', async () => {
    const { link } = await loadKeys(database.db, undefined, now);
    const listed = await listKeys(database.db);
    expect(Object.keys(listed[0] ?? {})).not.toContain('secret');
    expect(JSON.stringify(listed)).not.toContain(link[0]?.secret.toString('base64'));
  });
});
