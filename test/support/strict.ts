import { afterEach, beforeEach, expect } from 'vitest';

/** What a test prints to console.error is a failure that nobody would read. */
const printed: unknown[][] = [];
const original = console.error;

beforeEach(() => {
  printed.length = 0;
  console.error = (...words: unknown[]) => {
    printed.push(words);
    original(...words);
  };
});

afterEach(() => {
  console.error = original;
  expect(printed).toEqual([]);
});
