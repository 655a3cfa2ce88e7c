import { expect, test } from 'vitest';
import { pagerOf, urlOf } from '../../src/http/pager.ts';

const WORDS = { label: 'Pages', back: 'Back', on: 'On' };

test('when a list ends on its first page, then there is no pager', () => {
  const pager = pagerOf({ next: null }, { path: '/list', cursor: '' }, WORDS);
  expect(pager).toMatchObject({ any: false, start: '', next: '' });
});

test('when a list goes on, then the way on keeps its filters, and empty ones are left out', () => {
  const place = { path: '/list', cursor: '', filters: { state: 'sent', email: '' } };
  expect(pagerOf({ next: 'abc' }, place, WORDS)).toMatchObject({
    any: true,
    start: '',
    next: '/list?state=sent&cursor=abc',
  });
});

test('when the last page is shown, then the way back leads to the start, without a cursor', () => {
  const place = { path: '/list', cursor: 'abc', filters: { q: 'a b' } };
  expect(pagerOf({ next: null }, place, WORDS)).toMatchObject({ any: true, start: '/list?q=a+b', next: '' });
});

test('when a page has two lists, then each goes on by a cursor of its own and leaves the other where it is', () => {
  const place = { path: '/reader', cursor: 'one', filters: { acts: 'two' }, name: 'mails' };
  expect(pagerOf({ next: 'three' }, place, WORDS)).toMatchObject({
    start: '/reader?acts=two',
    next: '/reader?acts=two&mails=three',
  });
});

test('when a value holds what parts an address, then it is written so that it comes back the same', () => {
  const url = urlOf('/list', { q: 'a&b=c #?', cursor: 'x+y' });
  expect(Object.fromEntries(new URL(url, 'http://localhost').searchParams)).toEqual({ q: 'a&b=c #?', cursor: 'x+y' });
});
