import { expect, test } from 'vitest';
import { exampleAddress } from '../../src/api/docs.ts';
import { ROUTES } from '../../src/api/routes.ts';

test.each(ROUTES.map((one) => [`${one.method} ${one.path}`, one] as const))(
  'when the example of %s is called, then all that it gives can be used',
  (_, one) => {
    const given = { ...exampleAddress(one), body: one.example ?? {} };
    for (const part of ['params', 'query', 'body'] as const)
      expect(one[part]?.safeParse(given[part]).error?.issues ?? []).toEqual([]);
  },
);
