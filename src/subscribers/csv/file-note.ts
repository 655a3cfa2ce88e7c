import type { Said } from '../../lib/errors.ts';

/** How a file is read, where that is worth saying: in English for commands, by name and values for who words it. */
export interface FileNote extends Said {
  name: 'encoding' | 'export' | 'unread';
  text: string;
}

/** Says that a file is no Unicode. */
export const AS_WINDOWS_1252: FileNote = {
  ...{ name: 'encoding', text: 'read as Windows-1252, since it is no UTF-8' },
};

/** Says whose export a file is. */
export function asExportOf(tool: string): FileNote {
  return { name: 'export', values: { tool }, text: `read as an export of ${tool}` };
}

/** Says which columns are passed over. */
export function notRead(columns: readonly string[]): FileNote {
  const list = columns.map((column) => `«${column}»`).join(', ');
  return { name: 'unread', values: { columns: list }, text: `not read: ${list}` };
}
