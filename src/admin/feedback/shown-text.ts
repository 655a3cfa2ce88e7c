/** So much of a report is shown; the whole can be downloaded. */
const MOST_BYTES = 64 * 1024;

/** Control characters but for tabs and line ends. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;

/** Prepares bytes to be shown as text: UTF-8 where they are that, else Latin; cut where they are long. */
export function shownText(bytes: Uint8Array): { text: string; isCut: boolean } {
  const head = bytes.subarray(0, MOST_BYTES);
  const isCut = bytes.length > MOST_BYTES;
  const text = decoded(head, isCut).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  return { text: text.replace(CONTROL, '\ufffd'), isCut };
}

function decoded(bytes: Uint8Array, isCut: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut }); // half a character at the cut
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
