import { plainRecord } from '../../lib/plain-record.ts';
import { mark, type MarkedText } from './marked-text.ts';

/** Prefixes and units by the names that siunitx gives them (its manual, tables 2 to 8). */
const PREFIXES: Record<string, string> = pairs(
  'yocto y zepto z atto a femto f pico p nano n micro μ milli m centi c deci d deca da deka da hecto h kilo k mega M giga G tera T peta P exa E zetta Z yotta Y',
);
const UNITS: Record<string, string> = pairs(
  'metre m meter m gram g kilogram kg second s ampere A kelvin K mole mol candela cd hertz Hz newton N pascal Pa joule J watt W coulomb C volt V ohm Ω farad F siemens S tesla T weber Wb henry H lumen lm lux lx becquerel Bq gray Gy sievert Sv radian rad steradian sr celsius °C degreeCelsius °C degree ° arcminute ′ arcsecond ″ percent % minute min hour h day d year yr litre L liter L tonne t dalton Da electronvolt eV hartree Ha angstrom Å parsec pc bar bar barn b byte B bit bit decibel dB bel B astronomicalunit au hectare ha pixel px um μm us μs uL μL uA μA uW μW uV μV',
);
const PIECE = /\\([a-zA-Z]+)(?:\{([^{}]*)\})?|[^\\\s~]+/g;

/** Words a unit in the words of siunitx: `\kilo\metre\per\second` is `km/s`. */
export function unitInWords(source: string): string {
  let words = '';
  let between = '';
  let power = '';
  for (const [piece, name, argument] of source.replace(/\\[,;:! ]/g, ' ').matchAll(PIECE)) {
    if (name === 'per') between = words === '' ? '1/' : '/';
    else if (name === 'square' || name === 'cubic') power = name === 'square' ? '²' : '³';
    else if (name === 'squared' || name === 'cubed') words += name === 'squared' ? '²' : '³';
    else if (name === 'tothe' || name === 'raiseto') words += `^${argument ?? ''}`;
    else if (name !== undefined && PREFIXES[name] !== undefined) {
      words += between + PREFIXES[name];
      between = '';
    } else {
      words += between + (name === undefined ? piece : (UNITS[name] ?? name)) + power;
      between = ' ';
      power = '';
    }
  }
  return words.trim();
}

/** Words a number of siunitx: `1e5` is `1×10⁵`, `1.2(3)` stays. */
export function numberInWords(source: string): MarkedText {
  const [, digits = '', power] = /^\s*([^eEdD]*)(?:[eEdD]\s*([+-]?\d+))?/.exec(source) ?? [];
  const number = digits.replace(/\+-/g, '±').trim();
  if (power === undefined) return number === '' ? source : number;
  return `${number === '' ? '' : `${number}×`}10${mark('sup', power.replace(/^\+/, ''))}`;
}

/** Words a formula of mhchem: `H2O` is H₂O, `SO4^2-` SO₄²⁻, `A -> B` A → B. */
export function chemistryInWords(source: string): MarkedText {
  return (
    source
      .replace(/<=>>?|<<=>/g, '⇌')
      .replace(/<->/g, '↔')
      .replace(/->/g, '→')
      .replace(/\^\{([^{}]*)\}|\^(\d*[+-]|\d+|\.)/g, (_, group?: string, bare?: string) =>
        mark('sup', group ?? bare ?? ''),
      )
      .replace(/_\{([^{}]*)\}|_(\d+|\w)/g, (_, group?: string, bare?: string) => mark('sub', group ?? bare ?? ''))
      // oxlint-disable-next-line no-control-regex
      .replace(/(?<=[\p{L})\]])(\d+(?:\.\d+)?)(?![\u0006\d])/gu, (digits: string) => mark('sub', digits))
      .replace(/(?<=[\p{L})\]\p{Cc}])([+-])(?=$|[\s),;])/gu, (sign: string) => mark('sup', sign))
  );
}

function pairs(text: string): Record<string, string> {
  const words = text.split(' ');
  return plainRecord(
    Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : []))),
  );
}
