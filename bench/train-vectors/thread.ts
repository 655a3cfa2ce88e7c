/** A further thread of the training. */
import { workerData } from 'node:worker_threads';
import { learn } from './learn.ts';
import type { State } from './state.ts';

const { state, thread } = workerData as { state: State; thread: number };
learn(state, thread, () => undefined);
