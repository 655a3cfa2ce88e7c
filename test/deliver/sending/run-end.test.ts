import { describe, expect, it } from 'vitest';
import { endOfRun, troubleOf, type Endings, type LoopEnd } from '../../../src/deliver/sending/run-end.ts';

const drained: LoopEnd = { how: 'drained' };
const unreachable: LoopEnd = { how: 'unreachable', problem: 'nobody there' };
const crowded: LoopEnd = { how: 'crowded', problem: 'too many connections' };
const broken: LoopEnd = { how: 'broken', error: new Error('away') };
const fault = { how: 'our-fault', problem: 'no key to sign with' } as const;
const mute = { how: 'no-journal', problem: 'no space left' } as const;
const end = (known: Partial<Endings>) =>
  endOfRun({ loops: [drained], stopped: null, told: false, proven: false, ...known });

describe('the end of a run', () => {
  it('when all loops have drained, then so has the run, and it says whether the way out was seen to work', () => {
    expect(end({})).toEqual({ how: 'drained', proven: false });
    expect(end({ proven: true })).toEqual({ how: 'drained', proven: true });
  });

  it('when a loop could have no connection, then the run says why', () => {
    expect(end({ loops: [drained, unreachable, drained] })).toBe(unreachable);
  });

  it('when there was no place for a connection, then the run says so, unless another loop found nobody there', () => {
    expect(end({ loops: [drained, crowded] })).toBe(crowded);
    expect(troubleOf(crowded)).toBe('too many connections');
    expect(end({ loops: [crowded, unreachable] })).toBe(unreachable);
    expect(end({ loops: [crowded], stopped: fault })).toBe(fault);
  });

  it('when it was stopped for our fault, then that is why it ended, though connections failed too', () => {
    expect(end({ loops: [unreachable], stopped: fault })).toBe(fault);
  });

  it('when its journal took nothing, then that is why it ended', () => {
    expect(end({ loops: [unreachable], stopped: mute })).toBe(mute);
    expect(troubleOf(mute)).toBe('no space left');
  });

  it('when somebody told it to end, then no mail server is to be blamed', () => {
    for (const stopped of [{ how: 'told' } as const, fault, null]) {
      expect(end({ loops: [unreachable], stopped, told: true, proven: true })).toEqual({ how: 'told', proven: true });
    }
  });

  it('when something broke, then that is told whatever else happened', () => {
    expect(end({ loops: [unreachable, broken], stopped: fault, told: true })).toBe(broken);
    expect(end({ stopped: broken, told: true })).toBe(broken);
  });

  it('when the way out is in trouble, then that alone is trouble', () => {
    expect(troubleOf(unreachable)).toBe('nobody there');
    expect(troubleOf(fault)).toBe('no key to sign with');
    for (const other of [end({}), end({ told: true }), broken]) expect(troubleOf(other)).toBeNull();
  });
});
