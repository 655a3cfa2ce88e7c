import { describe, expect, test } from 'vitest';
import { sameOrganization } from '../../src/match/affiliations.ts';
import { readName, sameName } from '../../src/match/names.ts';
import { interestKey } from '../../src/model/interest.ts';

describe('names of one person', () => {
  test.each([
    ['Jane Doe', 'Jane Doe', 1],
    ['jane doe', 'JANE DOE', 1],
    ['Doe, Jane', 'Jane Doe', 1],
    ['José García', 'Jose Garcia', 1],
    ['Laurens van der Maaten', 'van der Maaten, Laurens', 1],
    ['Jean-Pierre Dupont', 'Jean-Pierre Dupont', 1],
    ['Jane Doe Jr.', 'Jane Doe', 1],
    ['J. Doe', 'Jane Doe', 0.8],
    ['Jane Doe', 'J. Doe', 0.8],
    ['Jane Doe', 'Jane Q. Doe', 0.9],
    ['Wei Wang', 'Wang Wei', 0.7],
    ['Doe', 'Jane Doe', 0.6],
    ['von Neumann', 'John von Neumann', 0.6],
    ['de la Cruz', 'Ana de la Cruz', 0.6],
    ['Neumann', 'John von Neumann', 0.6],
    ['John von Neumann', 'Neumann J. v.', 0.8],
    ['von Neumann, John', 'Neumann, J. von', 0.8],
    ['Jane Ann Smith', 'Smith JA', 0.8],
    ['Smith JA', 'Jane A. Smith', 0.8],
    ['Smith JA', 'Jane Smith', 0.8],
    ['LeCun Y', 'Yann LeCun', 0.8],
    ['Smith J.-A.', 'Jane-Ann Smith', 0.8],
    ['Quoc V. Le', 'Quoc V. Le', 1],
    ['Quoc V. Le', 'Q. V. Le', 0.8],
    ['John Smith II', 'John Smith', 1],
    ['Wei LI', 'Wei Li', 0.7],
    ['Neumann J. v.', 'John von Neumann', 0.8],
    ['Müller Ö', 'Oskar Mueller', 0.8],
    ['Jane DOE', 'Jane Doe', 1],
    ["Maria D'Angelo", 'Maria D’Angelo', 1],
    ['Ji-Ho Park', 'Jiho Park', 1],
    ['Ji Ho Park', 'Jiho Park', 1],
    ['Ji-Ho Park', 'Park Jiho', 0.7],
    ['Jörg Schäfer', 'Joerg Schaefer', 1],
    ['Jörg Weiß', 'Jorg Weiss', 1],
    ['Bjørn Ødegård', 'Bjoern Oedegaard', 1],
    ['José García Lorca', 'J. García-Lorca', 0.8],
    ['Ødegård, Åse', 'Odegaard, Ase', 1],
    ['Sæther Øystein', 'Oystein Saether', 0.7],
    ['Ö. Müller', 'Oskar Mueller', 0.8],
    ['Jürgen Müller', 'J. Muller', 0.8],
    ['Ægir Jónsson', 'A. Jonsson', 0.8],
    ['Anne Kværnø', 'Anne Kvaerno', 1],
    ['Anne Kværnø', 'Anne Kvaernoe', 1],
    ['Solve Sæbø', 'S. Saebo', 0.8],
    ['Pål Ærøy', 'Pal Aeroy', 1],
    ['Jean-Pierre Müller', 'Muller JP', 0.8],
    ['Lü Xue', 'Lu Xue', 1],
    ['Zhang Yu', 'Yu Zhang', 0.7],
    ['李飞飞', '李飞飞', 1],
  ])('«%s» and «%s»: %d', (one, other, score) => {
    expect(sameName(readName(one), readName(other))).toBe(score);
    expect(sameName(readName(interestKey('author', one)), readName(other)), 'by its key').toBe(score);
  });
  test.each([
    ['Jane Doe', 'John Doe'],
    ['K. Doe', 'Jane Doe'],
    ['Jane Doe', 'Jane Roe'],
    ['', 'Jane Doe'],
    ['🎉', 'Jane Doe'],
    ['Jane', 'Jane Doe'],
    ['Jiho Park', 'Jihu Park'],
    ['Smith JA', 'Smith KA'],
    ['van den Berg', 'van der Maaten'],
    ['Jane de Roe', 'Jane de Doe'],
    ['Yu Zhang', 'Yue Zhang'],
    ['Wei Xu', 'Wei Xue'],
    ['Jae Kim', 'Ja Kim'],
    ['lu xu', 'Xavier Ulrich Lu'],
    ['Joe Park', 'Jo Park'],
    ['Zhang Yu', 'Yue Zhang'],
    ['Lu Xue', 'Lue Xue'],
    ['Saar Vries', 'Sar Vries'],
  ])('«%s» is not «%s»', (one, other) => {
    expect(sameName(readName(one), readName(other))).toBe(0);
    expect(sameName(readName(interestKey('author', one)), readName(other)), 'by its key').toBe(0);
  });
  test.each([
    ['Smith JA', 'smith, j a'],
    ['  van der Berg  J.-P. ', 'van der berg, j p'],
    ['Neumann J. v.', 'neumann, j von'],
    ['lu xu', 'lu xu'],
    ['Xu Lu', 'xu lu'],
    ['Doe, JA', 'doe, ja'],
    ['JANE DOE', 'jane doe'],
  ])('the key of «%s» is «%s»', (name, key) => {
    expect(interestKey('author', name)).toBe(key);
    expect(interestKey('author', key)).toBe(key);
  });
});

describe('organisations', () => {
  test.each([
    ['Google DeepMind', 'google deepmind', 1],
    ['deepmind', 'Google DeepMind', 0.9],
    ['MIT', 'Massachusetts Institute of Technology', 0.8],
    ['Massachusetts Institute of Technology', 'MIT', 0.8],
    ['UC Berkeley', 'Berkeley UC Berkeley', 0.9],
    ['Meta', 'Meta Llama', 0.9],
    ['Meta', 'Meta FAIR', 0.9],
    ['Meta', 'Meta Reality Labs', 0.9],
    ['Meta', 'meta-llama', 0.9],
    ['Llama', 'Meta Llama', 0.9],
    ['Meta Llama', 'meta-llama', 1],
    ['Freiburg', 'Uni Freiburg', 0.9],
    ['lama', 'Meta Llama', 0],
    ['mind', 'Google DeepMind', 0],
    ['', 'Google', 0],
  ])('«%s» in «%s»: %d', (wanted, given, score) => {
    expect(sameOrganization(wanted, given)).toBe(score);
  });
});
