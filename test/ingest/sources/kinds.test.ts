import { describe, expect, it } from 'vitest';
import { KINDS, kindOf } from '../../../src/ingest/sources/kinds.ts';
import { hfAnswer, page, pubmedAnswer } from '../../world/captures.ts';

const SAMPLES: Record<string, string> = {
  'hf-json': hfAnswer('2026-11-20', [{ title: 'Quiet experts', arxivId: '2611.01234' }]),
  'biorxiv-json': '{"messages":[],"collection":[]}',
  'openreview-json': '{"notes":[],"count":0}',
  'pubmed-xml': pubmedAnswer(['<ArticleTitle>Quiet experts</ArticleTitle>']),
  feeds: '<?xml version="1.0"?><rss version="2.0"></rss>',
  'page-html': '<!doctype html><html></html>',
  'page-markdown': 'Nov 20\n\n### [Quiet experts](https://huggingface.co/papers/2611.01234)\n',
  'page-text': page('Nov 20', [{ title: 'Quiet experts' }]),
};

describe('kinds of source', () => {
  it('when a kind is listed, then it has a name and a sample of its own', () => {
    expect(KINDS.map(({ kind }) => kind).sort()).toEqual(Object.keys(SAMPLES).sort());
  });

  it.each(Object.entries(SAMPLES))('when a capture is of the kind %s, then that kind reads it', (kind, text) => {
    expect(kindOf(text).kind).toBe(kind);
    expect(kindOf(`\n \t${text}`).kind).toBe(kind);
  });

  it.each(['[Skip to content](#main)', '[![logo](/a.png)](/)', '[101](/login?next=/papers/2611.01234)', '[](/)'])(
    'when Markdown begins with the link %s, then it is not taken for JSON',
    (link) => {
      expect(kindOf(`${link}\n\n${SAMPLES['page-markdown']}`).kind).toBe('page-markdown');
    },
  );

  it.each(['[]', '[ ]', '[1, 2]', '[-1.5e3]', '["a"]', '[[]]', '[null]', '[\n  {'])(
    'when it is %s, then it is JSON',
    (text) => {
      expect(kindOf(text).kind).toBe('hf-json');
    },
  );

  it('when a capture is nothing known, then JSON is left to hf-json and text to page-text', () => {
    expect(['{"nothing": "known"}', 'nothing known', ''].map((text) => kindOf(text).kind)).toEqual([
      'hf-json',
      'page-text',
      'page-text',
    ]);
  });
});
