import { expect, it } from 'vitest';
import { createFailureWatch, type Seen } from '../../../src/deliver/relays/failure-watch.ts';
import type { SendResult } from '../../../src/model/mail.ts';

const OK: SendResult = { outcome: 'accepted', reply: '250 ok' };
const POLICY: SendResult = { outcome: 'refused', code: 554, reply: '554 5.7.1 policy', stage: 'data' };
const NOBODY: SendResult = { outcome: 'refused', code: 550, reply: '550 5.1.1 no such user', stage: 'rcpt' };
const LATER: SendResult = { outcome: 'refused', code: 451, reply: '451 4.7.1 greylisted', stage: 'rcpt' };
const STORAGE: SendResult = { outcome: 'refused', code: 452, reply: '452 4.3.1 storage', stage: 'rcpt' };
const FULL: SendResult = { outcome: 'refused', code: 452, reply: '452 4.2.2 Mailbox full', stage: 'rcpt' };
const CROWD: SendResult = {
  outcome: 'refused',
  code: 421,
  reply: '421 too many concurrent connections',
  stage: 'mail',
};
const RELAYING: SendResult = { outcome: 'refused', code: 554, reply: '554 5.7.1 Relay access denied', stage: 'rcpt' };
const LOST: SendResult = { outcome: 'lost', handedOver: true, problem: 'closed', stage: 'reply' };

interface How {
  connections?: number;
  probe?: boolean;
  /** Domains the recipients are spread over, in turn. */
  domains?: number;
  tried?: boolean;
}

function play(results: SendResult[], { connections = 4, probe = false, domains = 5, tried = true }: How = {}) {
  const watch = createFailureWatch({ connections, probe, domains: () => domains });
  const seen = (result: SendResult, n: number): Seen => ({ result, domain: `d${n % domains}.example`, tried });
  return { said: results.map((result, n) => watch.note(seen(result, n))), atEnd: watch.atEnd() };
}

/** After how many results it spoke; null: never. */
function spokeAfter(results: SendResult[], how?: How): number | null {
  const at = play(results, how).said.findIndex((problem) => problem !== null);
  return at < 0 ? null : at + 1;
}

const times = (count: number, ...results: SendResult[]) => Array.from({ length: count }, () => results).flat();

it('when twenty fail in a row, then that is told with the last words, and not before', () => {
  expect(spokeAfter(times(40, POLICY))).toBe(20);
  expect(play(times(20, POLICY)).said.at(-1)).toBe('20 failures in a row, the last one: 554 5.7.1 policy');
  expect(spokeAfter([...times(19, POLICY), OK, ...times(19, POLICY)])).toBeNull();
});

it('when half of the last hundred fail, never twenty in a row, then that is told', () => {
  expect(spokeAfter(times(100, POLICY, OK))).toBe(99);
  expect(play(times(100, POLICY, OK)).said[98]).toBe('50 of the last 99 mails failed, the last one: 554 5.7.1 policy');
  expect(spokeAfter(times(50, POLICY, OK, OK))).toBeNull();
});

it('when failures lie more than a hundred results back, then they are forgotten', () => {
  expect(spokeAfter([...times(40, POLICY, OK), ...times(100, OK), ...times(40, POLICY, OK)])).toBeNull();
});

it('when connections are lost one after the other, handed over or not, then that is a failure too', () => {
  expect(spokeAfter(times(40, LOST))).toBe(20);
});

it('when many connections are cut at once, then that is no row yet', () => {
  expect(spokeAfter([...times(50, LOST), ...times(50, OK)], { connections: 50 })).toBeNull();
  expect(spokeAfter(times(100, LOST), { connections: 50 })).toBe(100);
});

it('when addresses are bad, or mailboxes full, then nothing is said of the way out', () => {
  expect(spokeAfter(times(300, NOBODY))).toBeNull();
  expect(spokeAfter(times(300, FULL))).toBeNull();
});

it('when most of the last mails are put off in the same words over several domains, then it is the server', () => {
  expect(spokeAfter(times(40, STORAGE))).toBe(8);
  expect(play(times(8, STORAGE)).said.at(-1)).toBe('8 of the last 8 mails were put off: 452 4.3.1 storage');
  expect(spokeAfter(times(40, STORAGE, OK))).toBeNull(); // half of them get through
  expect(spokeAfter([...times(100, OK), ...times(40, STORAGE)])).toBe(114);
  expect(spokeAfter(times(4, STORAGE, LATER))).toBeNull(); // other words
  expect(spokeAfter([...times(40, STORAGE)], { domains: 1 })).toBe(8); // a lab has one
});

it('when one of many domains puts its mails off, then nothing is said of the server', () => {
  const watch = createFailureWatch({ connections: 4, probe: false, domains: () => 5 });
  const said = times(60, STORAGE).map((result) => watch.note({ result, domain: 'one.example', tried: true }));
  expect(said.every((problem) => problem === null)).toBe(true);
});

it('when mails hear «later» for the first time, then it may be greylisting, and every mail has to be tried', () => {
  expect(spokeAfter(times(300, LATER), { tried: false })).toBeNull();
  expect(spokeAfter(times(300, LATER), { tried: true })).toBe(8);
});

it('when three mails of several domains hear that the fault is ours, with nothing that worked between, then that is told', () => {
  expect(spokeAfter(times(10, RELAYING))).toBe(3);
  expect(play(times(3, RELAYING)).said.at(-1)).toBe(
    '3 mails heard that the fault is ours, the last one: 554 5.7.1 Relay access denied',
  );
  expect(spokeAfter(times(10, RELAYING), { domains: 1 })).toBe(3);
  expect(spokeAfter(times(10, RELAYING), { domains: 2 })).toBe(3);
  expect(spokeAfter(times(10, RELAYING, RELAYING, OK))).toBeNull();
});

it('when a run is too short for that, then what all of its mails heard counts at its end', () => {
  expect(play(times(2, RELAYING), { domains: 2 }).atEnd).toBe('all 2 mails heard: 554 5.7.1 Relay access denied');
  expect(play(times(4, STORAGE)).atEnd).toBe('all 4 mails heard: 452 4.3.1 storage');
  expect(play([OK, ...times(2, RELAYING)]).atEnd).toBeNull();
  expect(play([...times(2, STORAGE), LATER]).atEnd).toBeNull();
  expect(play([RELAYING]).atEnd).toBeNull();
  expect(play(times(3, NOBODY)).atEnd).toBeNull();
});

it('when it is a probe, then one failure is enough', () => {
  for (const result of [POLICY, LATER, STORAGE, RELAYING, LOST])
    expect(spokeAfter([result], { probe: true, tried: false })).toBe(1);
  for (const result of [OK, NOBODY, FULL, CROWD]) expect(spokeAfter([result], { probe: true })).toBeNull();
});
