import { expect, it } from 'vitest';
import { editionKind, isEdition } from '../../src/model/edition.ts';

it.each([
  ['daily:2025-12-31', 'daily'],
  ['daily:2024-02-29', 'daily'],
  ['weekly:2026-W01', 'weekly'],
  ['weekly:2026-W53', 'weekly'],
  ['welcome:1', 'welcome'],
])('when a key is %s, then it is an edition, %s', (key, kind) => {
  expect([isEdition(key), editionKind(key)]).toEqual([true, kind]);
});

it.each([
  ...['daily:2026-02-30', 'daily:2026-1-5', 'daily:2025-02-29', 'daily:foo', 'daily:', 'daily', 'daily:2026-01-05\n'],
  ...['weekly:2026-W00', 'weekly:2026-W54', 'weekly:2025-W53', 'weekly:0000-W01', 'weekly:2026-01-05'],
  ...['welcome:', 'welcome:x', 'monthly:2026-01', '', 'weekdays:2026-01-05'],
])('when a key is «%s», which no calendar has or we do not make, then it is no edition', (key) => {
  expect(isEdition(key)).toBe(false);
  expect(() => editionKind(key)).toThrow('is not an edition');
});
