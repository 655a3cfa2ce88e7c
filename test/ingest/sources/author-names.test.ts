import { describe, expect, it } from 'vitest';
import { authorNames } from '../../../src/ingest/sources/author-names.ts';

describe('names of authors', () => {
  it.each<[string[], string[]]>([
    [['Ada Quill'], ['Ada Quill']],
    [
      ['Ada Quill', 'Bo C Reed'],
      ['Ada Quill', 'Bo C Reed'],
    ],
    [['Ada Quill, Bo Reed'], ['Ada Quill', 'Bo Reed']],
    [['Ada Quill, Bo Reed, and Ji Ho Park'], ['Ada Quill', 'Bo Reed', 'Ji Ho Park']],
    [['Ada Quill and Bo Reed'], ['Ada Quill', 'Bo Reed']],
    [['Quill, A., Reed, B. C., van Dorn, K.'], ['A. Quill', 'B. C. Reed', 'K. van Dorn']],
    [['Quill A; Reed BC'], ['Quill A', 'Reed BC']],
    [['Quill, Ada; Reed, Bo C.'], ['Ada Quill', 'Bo C. Reed']],
    [
      ['Quill, Ada', 'Reed, Bo'],
      ['Ada Quill', 'Bo Reed'],
    ],
    [['Quill, Ada'], ['Ada Quill']],
    [['Bo Reed, Jr., Ada Quill'], ['Bo Reed Jr.', 'Ada Quill']],
    [['Ada Quill, PhD, Bo Reed, MD'], ['Ada Quill', 'Bo Reed']],
    [
      ['Ada Quill (Dept. of Kelp (North), Lakeside), Bo Reed (1 and 2) ((1) Lakeside, (2) Hill)'],
      ['Ada Quill', 'Bo Reed'],
    ],
    [['Ada Quill, the Kelp and Sand Collaboration'], ['Ada Quill', 'the Kelp and Sand Collaboration']],
    [['ada@example.org (Ada Quill)'], ['Ada Quill']],
    [['ada@example.org'], []],
    [['By Ada Quill'], ['Ada Quill']],
    [['<a href="/x">Ada Quill</a>, Bj&ouml;rn Reed'], ['Ada Quill', 'Björn Reed']],
    [['Ada Quill, et al.'], ['Ada Quill']],
    [['', '  '], []],
    [['Ada Quill et al.'], ['Ada Quill']],
    [['Ada Quill; Bo Reed and Ji Ho Park'], ['Ada Quill', 'Bo Reed', 'Ji Ho Park']],
    [['Ada Quill | Bo Reed'], ['Ada Quill', 'Bo Reed']],
    [['Quill, Ada and Reed, Bo and van Dorn, Klaas'], ['Ada Quill', 'Bo Reed', 'Klaas van Dorn']],
    [['Reed, Bo C.'], ['Bo C. Reed']],
    [['Quill, Ada, Jr.'], ['Ada Quill Jr.']],
    [['Reed, Bo C., Quill, Ada D.'], ['Bo C. Reed', 'Ada D. Quill']],
    [['Reed B., Quill A.'], ['Reed B.', 'Quill A.']],
    [['Quill, A., The Kelp Consortium, Reed, B., '], ['A. Quill', 'The Kelp Consortium', 'B. Reed']],
    [['田中太郎、鈴木花子'], ['田中太郎', '鈴木花子']],
    [['Ada Quill<sup>1,2</sup>, Bo Reed&lt;sup&gt;*&lt;/sup&gt;'], ['Ada Quill', 'Bo Reed']],
    [['A. Quill1,2, B. Reed3'], ['A. Quill', 'B. Reed']],
    [['Dr. Ada Quill, Prof. Bo Reed'], ['Ada Quill', 'Bo Reed']],
    [['the KELP Collaboration: A. Quill, B. Reed'], ['the KELP Collaboration', 'A. Quill', 'B. Reed']],
  ])('when a feed writes %j, then they are %j', (creators, names) => {
    expect(authorNames(creators)).toEqual(names);
  });
});
