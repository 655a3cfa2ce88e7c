import { expect, test } from 'vitest';
import { isString } from '../../src/lib/strings.ts';
import { ACTS } from '../../src/model/act-names.ts';

test('when anything is done that the log keeps, then the log has words for it', () => {
  expect(ACTS.length).toBeGreaterThan(60);
  expect(ACTS.filter((name) => !isString(`admin.log.act.${name}`))).toEqual([]);
});
