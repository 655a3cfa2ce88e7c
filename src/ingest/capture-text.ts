import { gunzipSync } from 'node:zlib';
import { AppError, oneLine } from '../lib/errors.ts';
import { isPacked, MAX_CAPTURE_BYTES } from './capture.ts';
import { decodeText } from './sources/decode-text.ts';

/** Returns a capture as text, unpacked and decoded. Throws AppError bad-input where it is none. */
export function captureText(bytes: Uint8Array, name: string): string {
  return decodeText(unpacked(bytes, name), name);
}

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length > MAX_CAPTURE_BYTES)
    throw new AppError('bad-input', `${name}: ${bytes.length} bytes; expected at most ${MAX_CAPTURE_BYTES}`, {
      said: { name: 'capture.tooLong', values: { file: name, most: MAX_CAPTURE_BYTES } },
    });
  if (!isPacked(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_CAPTURE_BYTES });
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const words = isLarge ? 'over 20 MB' : oneLine(error);
    const said = { name: 'capture.packed', values: { file: name, problem: words } };
    const problem = `cannot be unpacked (${words})`;
    const expected = `expected gzip of at most ${MAX_CAPTURE_BYTES} bytes`;
    throw new AppError('bad-input', `${name}: ${problem}; ${expected}`, { cause: error, said });
  }
}
