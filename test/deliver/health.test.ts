import { expect, it } from 'vitest';
import { classifyReply } from '../../src/deliver/classify-reply.ts';
import { createHealth } from '../../src/deliver/health.ts';
import type { SendResult } from '../../src/model/mail.ts';

const OK: SendResult = { outcome: 'accepted', reply: '250 ok' };
const POLICY: SendResult = { outcome: 'refused', code: 554, reply: '554 5.7.1 policy', stage: 'data' };
const NOBODY: SendResult = { outcome: 'refused', code: 550, reply: '550 5.1.1 no such user', stage: 'rcpt' };
const LATER: SendResult = { outcome: 'refused', code: 451, reply: '451 4.7.1 greylisted', stage: 'rcpt' };
const LOST: SendResult = { outcome: 'lost', handedOver: true, problem: 'closed', stage: 'reply' };

function play(results: SendResult[], how: { connections?: number; probe?: boolean } = {}): (string | null)[] {
  const { connections = 4, probe = false } = how;
  const health = createHealth({ connections, probe });
  const known = { tries: 1, retryMinutes: [5], onUncertain: 'hold' as const, now: new Date('2026-01-05') };
  return results.map((result) => health.note(result, classifyReply(result, known)));
}

/** After how many results it spoke; null: never. */
function spokeAfter(results: SendResult[], how?: { connections?: number; probe?: boolean }): number | null {
  const at = play(results, how).findIndex((problem) => problem !== null);
  return at < 0 ? null : at + 1;
}

const times = (count: number, ...results: SendResult[]) => Array.from({ length: count }, () => results).flat();

it('when twenty fail in a row, then that is told with the last words, and not before', () => {
  expect(spokeAfter(times(40, POLICY))).toBe(20);
  expect(play(times(20, POLICY)).at(-1)).toBe('20 failures in a row, the last one: 554 5.7.1 policy');
  expect(spokeAfter([...times(19, POLICY), OK, ...times(19, POLICY)])).toBeNull();
});

it('when half of the last hundred fail, never twenty in a row, then that is told', () => {
  expect(spokeAfter(times(100, POLICY, OK))).toBe(99);
  expect(play(times(100, POLICY, OK))[98]).toBe('50 of the last 99 mails failed, the last one: 554 5.7.1 policy');
  expect(spokeAfter(times(50, POLICY, OK, OK))).toBeNull();
});

it('when failures lie more than a hundred results back, then they are forgotten', () => {
  expect(spokeAfter([...times(40, POLICY, OK), ...times(100, OK), ...times(40, POLICY, OK)])).toBeNull();
});

it('when connections are lost one after the other, handed over or not, then that is a failure too', () => {
  expect(spokeAfter(times(40, LOST))).toBe(20);
});

it('when many lines are cut at once, then that is no row yet', () => {
  expect(spokeAfter([...times(50, LOST), ...times(50, OK)], { connections: 50 })).toBeNull();
  expect(spokeAfter(times(100, LOST), { connections: 50 })).toBe(100);
});

it('when addresses are bad, then the way out works; when mails are to come later, then nothing is said of it', () => {
  expect(spokeAfter(times(300, NOBODY))).toBeNull();
  expect(spokeAfter(times(300, LATER))).toBeNull();
  expect(spokeAfter(times(30, POLICY, LATER))).toBe(39); // the twentieth failure
});

it('when it is a probe, then one failure is enough', () => {
  expect(spokeAfter([POLICY], { probe: true })).toBe(1);
  expect(spokeAfter([OK, LATER], { probe: true })).toBeNull();
});
