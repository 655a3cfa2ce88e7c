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
behaviour behavior; behavioural behavioral; neighbour neighbor; neighbourhood neighborhood; modeller modeler; colour color;
favour favor; grey gray; centre center; defence defense; catalogue catalog; programme program; artefact artifact; tumour tumor;
judgement judgment; ageing aging; robotics robot; robotic robot; linguistics linguistic; semantics semantic; causality causal;
causation causal; adversary adversarial; explainability explainable; interpretability interpretable; sparsity sparse;
sparsification sparse; sparsify sparse; sparsely sparse; equivariance equivariant; invariance invariant;
multimodality multimodal; compositionality compositional; privacy private; safe safety; finetune finetuning;
differentially differential
`;

/** Stems brought together with others, see TWINS. */
export const TWIN_STEMS: ReadonlyMap<string, string> = new Map(
  TWINS.split(';').map((pair): [string, string] => {
    const [one = '', other = ''] = pair.trim().split(/\s+/);
    return [inflectionStem(one), inflectionStem(other)];
  }),
);

/** Words that tell nothing of a subject: they count inside a phrase only. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about above across after all also although among an and any are as at based be because been before being between both but by can ' +
    'could did do does due during each either for from further furthermore had has have having he her his how however i if in into is it ' +
    'its itself just may me might more moreover most much my new no nor not of off on only onto or other our out over own paper per ' +
    'propose proposed shall she should show since so some such than that the their them then there therefore these they this those ' +
    'through thus to too toward towards under until up upon us use used using various very via was we were what when where whether which ' +
    'while who whose why will with within without would yet you your'
  ).split(' '),
);
