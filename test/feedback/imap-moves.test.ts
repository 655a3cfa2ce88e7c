import { expect, test } from 'vitest';
import { DONE, movesOver, UNCLEAR } from '../../src/feedback/doors/imap-moves.ts';

/** A connection that says what it was asked to move; each move ends when it is let go. */
function connection() {
  const asked: [number[], string][] = [];
  const letGo: ((error?: Error) => void)[] = [];
  const move = (uids: readonly number[], folder: string) => {
    asked.push([[...uids], folder]);
    return new Promise<void>((resolve, reject) => letGo.push((error) => (error ? reject(error) : resolve())));
  };
  return { asked, letGo, move };
}
const done = (...uids: number[]) => uids.map((uid) => ({ uid, to: DONE }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('when mails are taken in, then as many as are wanted are moved by one command, the rest at the end', async () => {
  const { asked, letGo, move } = connection();
  const moves = movesOver({ move }, 0, 3);
  await moves.add(done(1, 2));
  expect(asked).toEqual([]);
  await moves.add([
    { uid: 3, to: null },
    { uid: 4, to: UNCLEAR },
  ]); // and nobody waits for the move
  expect(asked).toEqual([[[1, 2], DONE]]);
  letGo[0]?.();
  await turn();
  expect(asked[1]).toEqual([[4], UNCLEAR]);
  letGo[1]?.();
  await moves.add(done(5));
  const ended = moves.end();
  await turn();
  expect(asked[2]).toEqual([[5], DONE]);
  letGo[2]?.();
  await ended;
});

test('when a move fails, then the next who comes hears of it', async () => {
  const { letGo, move } = connection();
  const moves = movesOver({ move }, 0, 1);
  await moves.add(done(1));
  letGo[0]?.(new Error('the line broke'));
  await turn();
  await expect(moves.add(done(2))).rejects.toThrow('the line broke');
});

test('when the mailbox is full, then a fifth of it is moved at a time', async () => {
  const { asked, letGo, move } = connection();
  const moves = movesOver({ move }, 20, 3);
  await moves.add(done(1, 2, 3));
  expect(asked).toEqual([]);
  await moves.add(done(4));
  expect(asked).toEqual([[[1, 2, 3, 4], DONE]]);
  letGo[0]?.();
  await moves.end();
});

test('when the mailbox holds a million, then no move takes so long that the connection is given up', async () => {
  const { asked, letGo, move } = connection();
  const moves = movesOver({ move }, 1_000_000);
  const mails = done(...Array.from({ length: 10_000 }, (_, at) => at + 1));
  await moves.add(mails.slice(0, -1));
  expect(asked).toEqual([]);
  await moves.add(mails.slice(-1));
  expect(asked[0]?.[0]).toHaveLength(10_000);
  letGo[0]?.();
  await moves.end();
});
