import { Session, type Profiler } from 'node:inspector/promises';

/**
 * Samples what this process does during `work` and tells which share of its busy time passed in modules whose address
 * matches, what they call and wait for included: a share of one run, whatever else the machine does.
 */
export async function shareOf<T>(modules: RegExp, work: () => Promise<T>): Promise<{ result: T; share: number }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return { result, share: shareIn(profile, modules) };
}

function shareIn({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, modules: RegExp): number {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const known = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const within = new Map<number, boolean>();
  const isWithin = (id: number): boolean => {
    const before = within.get(id);
    if (before !== undefined) return before;
    const parent = parents.get(id);
    const found = modules.test(known.get(id)?.url ?? '') || (parent !== undefined && isWithin(parent));
    within.set(id, found);
    return found;
  };
  let [busy, own] = [0, 0];
  for (const [n, id] of samples.entries()) {
    if (known.get(id)?.functionName === '(idle)') continue;
    const took = timeDeltas[n] ?? 0;
    busy += took;
    if (isWithin(id)) own += took;
  }
  return own / busy;
}
