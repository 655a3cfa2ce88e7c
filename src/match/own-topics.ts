import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Topic } from '../model/topic.ts';
import { PACKAGE_ROOT } from '../package.ts';

/** The curated topics that come with the program. */
export const TOPICS_FILE = join(PACKAGE_ROOT, 'seeds', 'topics.json');

/**
 * Reads the curated topics that come with the program as they stand: a test has checked them, and every start would pay
 * some 80 ms for it.
 */
export async function readOwnTopics(): Promise<Topic[]> {
  return JSON.parse(await readFile(TOPICS_FILE, 'utf8')) as Topic[];
}
