import { describe, expect, test } from 'vitest';
import { sameOrganization } from '../../src/match/affiliations.ts';
import { readName, sameName } from '../../src/match/names.ts';

describe('names of one person', () => {
  test.each([
    ['Jane Doe', 'Jane Doe', 1],
    ['jane doe', 'JANE DOE', 1],
    ['Doe, Jane', 'Jane Doe', 1],
    ['José García', 'Jose Garcia', 1],
    ['Laurens van der Maaten', 'van der Maaten, Laurens', 1],
    ['Jean-Pierre Dupont', 'Jean-Pierre Dupont', 1],
    ['Jane Doe Jr.', 'Jane Doe', 1],
    ['J. Doe', 'Jane Doe', 0.8],
    ['Jane Doe', 'J. Doe', 0.8],
    ['Jane Doe', 'Jane Q. Doe', 0.9],
    ['Wei Wang', 'Wang Wei', 0.7],
    ['Doe', 'Jane Doe', 0.6],
  ])('«%s» and «%s»: %d', (one, other, score) => {
    expect(sameName(readName(one), readName(other))).toBe(score);
  });
  test.each([
    ['Jane Doe', 'John Doe'],
    ['K. Doe', 'Jane Doe'],
    ['Jane Doe', 'Jane Roe'],
    ['', 'Jane Doe'],
    ['🎉', 'Jane Doe'],
    ['Jane', 'Jane Doe'],
  ])('«%s» is not «%s»', (one, other) => {
    expect(sameName(readName(one), readName(other))).toBe(0);
  });
});

describe('organisations', () => {
  test.each([
    ['Google DeepMind', 'google deepmind', 1],
    ['deepmind', 'Google DeepMind', 0.9],
    ['MIT', 'Massachusetts Institute of Technology', 0.8],
    ['Massachusetts Institute of Technology', 'MIT', 0.8],
    ['UC Berkeley', 'Berkeley UC Berkeley', 0.9],
    ['mind', 'Google DeepMind', 0],
    ['', 'Google', 0],
  ])('«%s» in «%s»: %d', (wanted, given, score) => {
    expect(sameOrganization(wanted, given)).toBe(score);
  });
});
