import { AppError } from '../../lib/errors.ts';

/** Reads JSON. Throws AppError bad-input with the problem and what was expected. */
export function readJson(text: string, name: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message.slice(0, 120) : '';
    const said = { name: 'capture.json', values: { file: name, problem } };
    throw new AppError('bad-input', `${name}: broken JSON (${problem}); ${expected}`, { cause: error, said });
  }
}

/** Says in a word or two what a value is, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `text «${value.slice(0, 30)}…»`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : typeof value;
}
