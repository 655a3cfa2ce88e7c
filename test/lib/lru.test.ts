import { expect, test } from 'vitest';
import { createLru } from '../../src/lib/lru.ts';

test('when a key was made before, then it is not made again', () => {
  const lru = createLru<string>(10);
  let made = 0;
  const make = () => `value ${++made}`;
  expect([lru.get('a', make), lru.get('a', make)]).toEqual(['value 1', 'value 1']);
  expect(lru.find('a')).toBe('value 1');
  expect(lru.find('b')).toBeUndefined();
});

test('when it is full, then what has not been used for long is forgotten, and what is used stays', () => {
  const lru = createLru<number>(10);
  for (let number = 0; number < 100; number++) {
    lru.get('used', () => -1);
    lru.get(`key ${number}`, () => number);
    expect(lru.size()).toBeLessThanOrEqual(10);
  }
  expect(lru.find('used')).toBe(-1);
  expect(lru.find('key 99')).toBe(99);
  expect(lru.find('key 5')).toBeUndefined();
});

test('when values have sizes, then their sum stays within the bound, unless one alone breaks it', () => {
  const lru = createLru<string>(6, (value) => value.length);
  for (const key of ['a', 'b', 'c', 'd']) lru.get(key, () => 'xxx');
  expect(lru.size()).toBeLessThanOrEqual(6);
  expect(lru.get('big', () => 'x'.repeat(50))).toHaveLength(50);
  lru.get('small', () => 'x');
  lru.get('other', () => 'xxx');
  expect(lru.size()).toBeLessThanOrEqual(54);
});
