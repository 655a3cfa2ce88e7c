/** A thread that ends at each message until it was started as often as it was told. */
import { parentPort, workerData } from 'node:worker_threads';

const [{ lives }] = workerData as [{ lives: Int32Array }];

parentPort?.on('message', (mails: Uint8Array[]) => {
  if (Atomics.sub(lives, 0, 1) > 0) process.exit(1);
  parentPort?.postMessage(mails.map(() => ({ fields: 'Signed: yes\r\n' })));
});
