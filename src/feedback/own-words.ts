/** Where a report ends and the mail begins that it returns, as it is said with lines and dots taken off. */
const SEPARATORS: readonly RegExp[] = [
  /^(?:this is |here is |below is |it's |the following is )?(?:a )?copy of (?:the |your )(?:original |first |returned )?(?:message|mail|e-?mail|headers?)/i,
  /^(?:the )?(?:original|returned|unsent|undelivered|rejected|bounced|failed|your) (?:message|mail|e-?mail)(?: text| body| headers?| header)?(?: is| was)?(?: follows?| attached| below| below this line| included)$/i,
  /^(?:the )?(?:message |mail |original |message body and )?(?:headers?|header) (?:follows?|of the (?:original )?message)/i,
  /^(?:below this line|included (?:below )?is|the (?:first|text|body|header|headers|beginning) (?:\d\d?\d? lines )?of (?:the|your) (?:original |returned )?(?:message|mail))/i,
  /^(?:original message (?:headers?|follows|as follows)|original mail as follows|message contents follow|start of (?:the )?(?:original|returned)|message text follows)/i,
  /^(?:(?:die|der|ihre|das) )?(?:ursprüngliche|urspruengliche|original)[- ]?(?:nachricht|mail)|^(?:message (?:original|d'origine)|mensaje original|messaggio originale|mensagem original|исходное сообщение|原邮件|原始邮件|元のメッセージ)/i,
];
/** The same where a line stands before it or around it. */
const RULED =
  /^(?:the )?(?:original|returned|unsent|undelivered|rejected|bounced|failed|your) (?:message|mail|e-?mail)(?: text| body| headers?| header| info)?(?: is| was)?(?: follows?| attached| below| included)?$/i;
/** Headers of a mail, at the beginning of a line. */
const HEADERS: readonly RegExp[] = [
  /^(?:Received|Return-Path):\s?\S/i,
  /^(?:DKIM-Signature|MIME-Version|X-Originating-IP|Authentication-Results|X-Mailer|X-YMail-\w\w\w): ?\S/i,
  /^Content-Type: ?(?:message\/rfc822|text\/rfc822-headers)/i,
  /^From (?:MAILER-DAEMON|- )/i,
];
/** What surrounds such words, and what draws a line. */
const AROUND = '-=*_+#>:. \t';
const LINE = '-=*_+#';
/** A report of a hundred recipients is no longer. */
const MOST_CHARACTERS = 48 * 1024;
const MOST_LINES = 1_000;
const LONGEST_LINE = 1_000;

/** Returns the lines that a mail says in its own words: nothing quoted, nothing of a mail that it returns. */
export function ownLines(text: string): string[] {
  const lines: string[] = [];
  for (const whole of text.slice(0, MOST_CHARACTERS).split('\n', MOST_LINES)) {
    const line = whole.slice(0, LONGEST_LINE).trimEnd();
    if (beginsReturned(line)) break;
    if (!isQuoted(line) && !isBoundary(line)) lines.push(line);
  }
  return lines;
}

function beginsReturned(line: string): boolean {
  const { words, isRuled } = undecorated(line);
  return (
    SEPARATORS.some((each) => each.test(words)) ||
    (isRuled && RULED.test(words)) ||
    HEADERS.some((each) => each.test(line))
  );
}

function undecorated(line: string): { words: string; isRuled: boolean } {
  let [from, to, drawn] = [0, line.length, 0];
  for (; from < to && AROUND.includes(line.charAt(from)); from++) if (LINE.includes(line.charAt(from))) drawn++;
  while (to > from && AROUND.includes(line.charAt(to - 1))) to--;
  return { words: line.slice(from, to), isRuled: drawn > 1 };
}

/** Where its parts are not what they should be, what parts them stands in the text. */
function isBoundary(line: string): boolean {
  return line.startsWith('--') && !line.includes(' ');
}

/** «>>>» is what a server was told. */
function isQuoted(line: string): boolean {
  const words = line.trimStart();
  return words.startsWith('>') && !words.startsWith('>>>');
}
