import { AppError, oneLine, type Said } from '../lib/errors.ts';
import type { ParsedDigest } from '../model/digest.ts';
import { capDigest } from './cap-digest.ts';
import { captureText } from './capture-text.ts';
import { kindOf } from './sources/kinds.ts';
import { isDate, type DayHints } from './sources/list-day.ts';
import { squeeze } from './sources/plain-text.ts';
import { OTHER_KINDS } from './sources/source-kind.ts';

/**
 * Reads a capture of any known kind (sources/kinds.ts). What is longer than anything real is cut and noted
 * (model/caps.ts). Throws AppError bad-input naming the file, what was found and what was expected, in one printable
 * line; nothing else, whatever a parser underneath throws (external entities, tags called like a property of every
 * object, a nesting without end).
 */
export function parseCapture(bytes: Uint8Array, hints: DayHints): ParsedDigest {
  try {
    return capDigest(parseKnownKind(bytes, hints));
  } catch (error) {
    if (error instanceof AppError) throw squeezed(error);
    const problem = squeeze(oneLine(error));
    throw new AppError(
      'bad-input',
      `${hints.name}: it cannot be read (${problem}); expected a digest of a known kind`,
      { cause: error, said: { name: 'capture.unreadable', values: { file: hints.name, problem } } },
    );
  }
}

/** Takes from a refusal what may not stand in a line. */
function squeezed(error: AppError): AppError {
  const { code, message, said } = error;
  const values = Object.entries(said?.values ?? {}).map(([name, value]) => [
    ...[name, typeof value === 'string' ? squeeze(value) : value],
  ]);
  const plain = said && { name: said.name, values: Object.fromEntries(values) as NonNullable<Said['values']> };
  return new AppError(code, squeeze(message), { cause: error, ...(plain && { said: plain }) });
}

function parseKnownKind(bytes: Uint8Array, hints: DayHints): ParsedDigest {
  if (hints.on !== undefined && !isDate(hints.on))
    throw new AppError('bad-input', `list day «${hints.on}»: expected YYYY-MM-DD`);
  const text = captureText(bytes, hints.name);
  if (text.trim() === '')
    throw new AppError('bad-input', `${hints.name}: empty; expected the text of a papers page, ${OTHER_KINDS}`, {
      said: { name: 'capture.empty', values: { file: hints.name } },
    });
  return kindOf(text).read(text, hints);
}
