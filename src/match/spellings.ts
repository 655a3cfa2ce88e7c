import { inflectionStem } from './inflection.ts';

/** Prefixes written with and without a hyphen: «multi-agent», «multi agent» and «multiagent» are one word. */
export const COMBINING_PREFIXES: ReadonlySet<string> = new Set(
  (
    'multi pre semi non sub inter intra co re un meta auto hyper super over under anti bi tri uni neuro bio geo spatio micro macro ' +
    'nano pseudo quasi ultra post de counter mono omni para poly trans tele photo electro hydro cyber crypto hetero homo'
  ).split(' '),
);

/**
 * Words that readers mean as one though neither is a form of the other; each speaks for all of its forms. Only where
 * both have one subject: «explain» is not explainability, «fair» not fairness, «stable» not stability.
 */
const TWINS = `
modeller modeler; robotics robot; robotic robot; linguistics linguistic; semantics semantic; causality causal;
causation causal; adversary adversarial; explainability explainable; interpretability interpretable; sparsity sparse;
sparsification sparse; sparsify sparse; sparsely sparse; equivariance equivariant; invariance invariant;
multimodality multimodal; compositionality compositional; privacy private; safe safety; differentially differential
`;

/** Stems brought together with others, see TWINS. */
export const TWIN_STEMS: ReadonlyMap<string, string> = new Map(
  TWINS.split(';').map((pair): [string, string] => {
    const [one = '', other = ''] = pair.trim().split(/\s+/);
    return [inflectionStem(one), inflectionStem(other)];
  }),
);

/** Acronyms that have become words, written in capitals by some and small by others. */
export const SMALL_ACRONYMS: ReadonlySet<string> = new Set('covid laser lidar radar sonar scuba maser'.split(' '));

const LETTERS =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega';

/** Names of the Greek letters, by the small letter. */
export const GREEK: ReadonlyMap<string, string> = new Map(
  LETTERS.split(' ').map((name, at): [string, string] => [String.fromCodePoint(0x3b1 + at), name]),
);
