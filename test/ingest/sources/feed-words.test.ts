import { describe, expect, it } from 'vitest';
import { readSummary } from '../../../src/ingest/sources/abstracts.ts';
import { decodeText, selfDescribing } from '../../../src/ingest/sources/decode-text.ts';
import { paperIds } from '../../../src/ingest/sources/paper-ids.ts';
import { isWithdrawn } from '../../../src/ingest/sources/withdrawn.ts';

describe('the abstract in a summary', () => {
  it.each([
    ['arXiv:2611.00001v1 Announce Type: new \nAbstract: We grow kelp.', 'We grow kelp.'],
    [
      '<p>Nature Kelp, Published online: 20 November 2026; <a href="x">doi:10.1038/s41586-026-1</a></p>Kelp grows.',
      'Kelp grows.',
    ],
    ['Publication date: November 2026 Source: Kelp, Volume 1 Author(s): Ada Quill', ''],
    [
      '<p>J Kelp. 2026 Nov 1:s10-026. doi: 10.1093/kelp/ick1. Online ahead of print.</p><p>NO ABSTRACT</p><p>PMID:<a>1</a></p>',
      '',
    ],
    ['<p>Kelp grows.</p><p>The post <a href="x">Kelp</a> appeared first on <a href="y">Sand</a>.</p>', 'Kelp grows.'],
    ['Kelp grows. […]', 'Kelp grows.'],
    ['Abstract: Kelp grows.', 'Kelp grows.'],
    ['ABSTRACT interpretation is hard.', 'ABSTRACT interpretation is hard.'],
    ['No abstract available', ''],
  ])('when it is %s, then it is %s', (summary, abstract) => {
    expect(readSummary(summary).abstract).toBe(abstract);
  });
});

describe('papers taken back, and notices about others', () => {
  it.each([
    { title: 'WITHDRAWN: Kelp', abstract: '' },
    { title: 'Retraction Note: Kelp', abstract: '' },
    { title: 'RETRACTED ARTICLE: Kelp', abstract: '' },
    { title: 'Kelp', abstract: 'This paper has been withdrawn by the authors due to an error.' },
    { title: 'Kelp', abstract: 'This manuscript has been withdrawn by bioRxiv.' },
    { title: 'Kelp', abstract: 'The article (v2) was retracted.' },
    { title: 'Kelp', abstract: 'We grow kelp.', comment: 'Withdrawn' },
    { title: 'Author Correction: Kelp', abstract: '' },
    { title: 'Publisher Correction: Kelp', abstract: '' },
    { title: 'Correction to “Kelp”', abstract: '' },
    { title: 'Correction to: Kelp', abstract: '' },
    { title: 'Correction to Kelp in sand', abstract: '' },
    { title: 'Corrections to “Kelp”', abstract: '' },
    { title: "Corrections to 'Kelp'", abstract: '' },
    { title: 'Corrections to: Kelp', abstract: '' },
    { title: 'Corrections: Kelp', abstract: '' },
    { title: 'Corrections for Quill et al., Kelp', abstract: '' },
    { title: 'Author Corrections to Kelp in sand', abstract: '' },
    { title: 'Correction for Quill et al., Kelp', abstract: '' },
    { title: 'Erratum: Kelp', abstract: '' },
    { title: 'Corrigendum to "Kelp" [Sand 12 (2026) 1]', abstract: '' },
    { title: 'Addendum: Kelp', abstract: '' },
    { title: 'Editorial Expression of Concern: Kelp', abstract: '' },
  ])('when it says %j, then it is left out', (paper) => {
    expect(isWithdrawn(paper)).toBe(true);
  });

  it.each([
    { title: 'Retracted articles in kelp science: a survey', abstract: 'We count retracted articles.' },
    { title: 'Withdrawn consent in clinical trials', abstract: 'Patients who have withdrawn are counted.' },
    { title: 'Retraction-free robots', abstract: 'This paper removes the arm.' },
    { title: 'Corrections in kelp science: a survey', abstract: 'We count corrections.' },
    { title: 'Corrections to scaling in kelp forests', abstract: 'We scale.' },
    { title: '“Corrections to scaling” in kelp forests', abstract: 'We scale.' },
    { title: "Corrections to 't Hooft's kelp", abstract: 'We grow it.' },
    { title: 'Grammatical Error Correction: Are We There Yet?', abstract: 'We correct.' },
    { title: 'Correction for tides in kelp counts', abstract: 'We correct.' },
  ])('when it is about such papers (%j), then it is not', (paper) => {
    expect(isWithdrawn(paper)).toBe(false);
  });
});

describe('ids of papers', () => {
  it.each<[string[], string | null, string | null]>([
    [['oai:arXiv.org:2611.00001v2'], '2611.00001', null],
    [['https://doi.org/10.48550/arXiv.2611.00001'], '2611.00001', null],
    [['doi:10.64898/2026.11.11.726311'], null, '10.64898/2026.11.11.726311'],
    [['https://www.biorxiv.org/content/10.64898/2026.11.11.726311v2?rss=1'], null, '10.64898/2026.11.11.726311'],
    [['https://www.biorxiv.org/content/10.1101/2026.11.11.1v1.full.pdf'], null, '10.1101/2026.11.11.1'],
    [['https://www.nature.com/articles/s41586-026-00001-2'], null, '10.1038/s41586-026-00001-2'],
    [['https://pubs.acs.org/doi/10.1021/JACS.5c1'], null, '10.1021/jacs.5c1'],
    [['https://example.org/1'], null, null],
  ])('when %j names it, then it is known by %s and %s', (places, arxivId, doi) => {
    expect(paperIds(places)).toEqual({ arxivId, doi });
  });
});

describe('encodings', () => {
  const word = 'змеи';
  const windows = Uint8Array.from([0xe7, 0xec, 0xe5, 0xe8]);
  const declared = (head: string) => Buffer.concat([Buffer.from(head), windows]);

  it('when a document declares its encoding, then it is read by it', () => {
    expect(decodeText(declared('<?xml version="1.0" encoding="windows-1251"?>'), 'x')).toContain(word);
    expect(decodeText(declared('<html><meta charset=windows-1251>'), 'x')).toContain(word);
    expect(decodeText(declared('<meta http-equiv="Content-Type" content="text/html; charset=cp1251">'), 'x')).toContain(
      word,
    );
  });

  it('when UTF-16 bears no mark, then it is read all the same; in ASCII no declaration makes it UTF-16', () => {
    expect(decodeText(Buffer.from(`<a>${word}`, 'utf16le'), 'x')).toBe(`<a>${word}`);
    expect(decodeText(Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>ä'), 'x')).toMatch(/<a>ä$/);
  });

  it('when only the answer says the encoding, then what is kept says it itself', () => {
    const kept = selfDescribing(windows, 'text/plain; charset=windows-1251');
    expect(decodeText(kept, 'x')).toBe(word);
    expect(selfDescribing(windows, 'text/plain; charset=no-such')).toBe(windows);
    expect(selfDescribing(windows, null)).toBe(windows);
  });
});
