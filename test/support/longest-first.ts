import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, in no order; begun last, one of them would keep one core busy while the others rest. */
const LONGEST = [
  'rules/patterns.test.ts',
  'rules/imports.test.ts',
  'web/journey.browser.db.test.ts',
  'admin/every-page.browser.db.test.ts',
  'ingest/fuzz.test.ts',
  'backup/restore-command.db.test.ts',
  'backup/refused.db.test.ts',
  'deliver/kill.db.test.ts',
  'start.test.ts',
];

/** Begins with the files that take longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((name) => moduleId.endsWith(`/test/${name}`));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
