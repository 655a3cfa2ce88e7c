import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, PACKAGE_ROOT } from '../src/config.ts';

const read = (text: string) => loadConfig({ SOURCES: text }).SOURCES;
const hf = { name: 'hf', location: 'https://huggingface.co/api/daily_papers?date={date}&limit=100' };
const arxiv = { name: 'arxiv-cs-cl-cs-lg', location: 'https://rss.arxiv.org/rss/cs.CL+cs.LG' };
const own = { name: 'own', location: '/srv/digests' };

describe('sources in one line', () => {
  it.each([
    ['commas', 'hf,arxiv:cs.CL+cs.LG,own=/srv/digests'],
    ['commas and blanks', 'hf, arxiv:cs.CL+cs.LG, own=/srv/digests'],
    ['blanks', 'hf arxiv:cs.CL+cs.LG own=/srv/digests'],
    ['lines', '\n  hf\n  arxiv:cs.CL+cs.LG\n  own=/srv/digests\n'],
    ['a comma at the end', 'hf,arxiv:cs.CL+cs.LG,own=/srv/digests,'],
  ])('when %s part them, then all are read', (_, text) => {
    expect(read(text)).toEqual([hf, arxiv, own]);
  });

  it('when an address holds commas, then they are its own', () => {
    expect(read('a=https://h.example/list?ids=1,2,3&x=y,b=/srv/b')).toEqual([
      { name: 'a', location: 'https://h.example/list?ids=1,2,3&x=y' },
      { name: 'b', location: '/srv/b' },
    ]);
  });

  it("when a folder's name holds a blank, then it is one folder, and a relative one lies beside the program", () => {
    expect(read('own=/srv/my digests,b=seeds/digests')).toEqual([
      { name: 'own', location: '/srv/my digests' },
      { name: 'b', location: join(PACKAGE_ROOT, 'seeds', 'digests') },
    ]);
  });

  it('when a preset is given a name, then it bears it', () => {
    expect(read('daily=hf bio=biorxiv:cell-biology medrxiv')).toEqual([
      { ...hf, name: 'daily' },
      { name: 'bio', location: 'https://api.biorxiv.org/details/biorxiv/{date}/{date}/0/json?category=cell_biology' },
      { name: 'medrxiv', location: 'https://api.biorxiv.org/details/medrxiv/{date}/{date}/0/json' },
    ]);
  });

  it.each([
    ['pubmed:"base editing"[tiab] AND human, hf', ['pubmed-base-editing-tiab-and-human', 'hf']],
    ['crispr=pubmed:base+editing pubmed:kelp', ['crispr', 'pubmed-kelp']],
  ])('when PubMed is searched as in %s, then blanks and pluses part its words', (text, names) => {
    expect(read(text).map(({ name }) => name)).toEqual(names);
    expect(read(text)[0]?.location).toMatch(/esearch\.fcgi\?db=pubmed&.*&term=(?:%22)?base%20editing/);
  });

  it.each([
    ['nature', '«nature»'],
    ['ftp=ftp://h.example/x', 'no. 1'],
    ['hf own=', '«own=»'],
    ['arxiv:', '«arxiv:»'],
  ])('when a part is «%s», then the error names it and what was expected', (text, which) => {
    expect(() => read(text)).toThrow(`${which}: expected name=folder, name=URL, or one of hf, arxiv:cs.CL+cs.LG`);
  });
});
