import type { Context } from './context.ts';
import { loadTopicEdits } from './db/interests/topic-versions.ts';

/** Whether this process heeds any edit: most never do, and need not load the matcher for it. */
let heeds = false;

/**
 * Takes up what operators made of topics, by whichever process: the matcher knows it from then on, and its version,
 * which stored matches carry, is another one.
 */
export async function refreshTopics({ db, config }: Pick<Context, 'db' | 'config'>): Promise<void> {
  const edits = await loadTopicEdits(db);
  if (edits.length === 0 && !heeds) return;
  const { heedTopicEdits } = await import('./match/knowledge.ts');
  await heedTopicEdits(config.CONCEPTS_FILE, edits);
  heeds = edits.length > 0;
}
