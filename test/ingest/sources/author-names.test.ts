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
  ])('when a feed writes %j, then they are %j', (creators, names) => {
    expect(authorNames(creators)).toEqual(names);
  });
});
