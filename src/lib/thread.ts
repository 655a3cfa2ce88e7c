import { Worker, type ResourceLimits } from 'node:worker_threads';

/**
 * Starts a module on a thread of its own. Run from sources, as in development and in tests, it goes through the runner
 * of TypeScript, which does not reach into threads by itself (https://tsx.is/dev-api/register-esm). Beyond its limits a
 * thread ends with an error.
 */
export function startThread(module: URL, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, { workerData, resourceLimits });
  const [from, start] = [import.meta.resolve('tsx/esm/api'), module.href].map((url) => JSON.stringify(url));
  const program = `import(${from}).then(({ register }) => { register(); return import(${start}); })`;
  return new Worker(program, { eval: true, workerData, resourceLimits });
}
