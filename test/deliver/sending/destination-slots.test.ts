import { expect, it } from 'vitest';
import { createDestinationSlots } from '../../../src/deliver/sending/destination-slots.ts';
import type { ClaimedDelivery } from '../../../src/model/delivery.ts';

let lastId = 0n;
const mail = (domain: string, kind = 'newsletter') =>
  ({ id: ++lastId, email: `a@${domain}`, kind }) as unknown as ClaimedDelivery;
const many = (count: number, domain: string) => Array.from({ length: count }, () => mail(domain));

it('when a destination is full, then its next mail waits until one has left, and others go', () => {
  const slots = createDestinationSlots(() => 0);
  const [a, b, c] = [mail('big.example'), mail('big.example'), mail('big.example')];
  slots.admit([a, b, c], new Map([['big.example', 2]]));
  expect([a, b, c].map((one) => slots.enter(one))).toEqual([true, true, false]);
  expect(slots.enter(mail('small.example'))).toBe(true);
  expect(slots.enter(mail('big.example', 'confirmation'))).toBe(true);
  slots.leave(a);
  expect(slots.enter(c)).toBe(true);
  expect(slots.inFlight()).toEqual(new Map([['big.example', 2]]));
});

it('when a mail leaves twice, or never entered, then no place is made of it', () => {
  const slots = createDestinationSlots(() => 0);
  const [a, b, c] = [mail('big.example'), mail('big.example'), mail('big.example')];
  slots.admit([a, b, c], new Map([['big.example', 1]]));
  slots.enter(a);
  slots.leave(b);
  expect(slots.enter(b)).toBe(false);
  slots.leave(a);
  slots.leave(a);
  expect([b, c].map((one) => slots.enter(one))).toEqual([true, false]);
});

it('when a batch holds more than a destination takes in two seconds, then the rest is spread behind it, one after the other', () => {
  const slots = createDestinationSlots(() => 0);
  const shares = new Map([['big.example', 2]]);
  const first = slots.admit([...many(100, 'big.example'), mail('small.example')], shares);
  expect(first.going).toHaveLength(40 + 1); // 2 places, 100 ms each is the guess
  const times = first.waiting.map(({ inMs }) => inMs);
  expect(times).toHaveLength(60);
  expect(times[0]).toBe(2_050);
  for (const [n, inMs] of times.entries()) if (n > 0) expect(inMs - (times[n - 1] ?? 0)).toBe(50);
  const second = slots.admit(many(10, 'big.example'), shares);
  expect(second.going).toEqual([]);
  expect(second.waiting[0]?.inMs).toBe((times.at(-1) ?? 0) + 50); // nobody is told the same time twice
});

it('when mails turn out quick, then more of them are kept in hand', () => {
  let nowMs = 0;
  const slots = createDestinationSlots(() => nowMs);
  const shares = new Map([['big.example', 1]]);
  const { going } = slots.admit(many(20, 'big.example'), shares);
  for (const one of going) {
    slots.enter(one);
    nowMs += 10;
    slots.leave(one);
  }
  expect(slots.admit(many(200, 'big.example'), shares).going.length).toBeGreaterThan(60);
});

it('when there is no place for it here, then all of it waits', () => {
  const slots = createDestinationSlots(() => 0);
  const { going, waiting } = slots.admit(many(3, 'big.example'), new Map([['big.example', 0]]));
  expect(going).toEqual([]);
  expect(waiting.map(({ inMs }) => inMs)).toEqual([100, 200, 300]);
});
