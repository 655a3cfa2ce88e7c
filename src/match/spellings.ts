/** Prefixes written with and without a hyphen: «multi-agent», «multi agent» and «multiagent» are one word. */
export const COMBINING_PREFIXES: ReadonlySet<string> = new Set(
  (
    'multi pre semi non sub inter intra co re un meta auto hyper super over under anti bi tri uni neuro bio geo spatio micro macro ' +
    'nano pseudo quasi ultra post de counter mono omni para poly trans tele photo electro hydro cyber crypto hetero homo'
  ).split(' '),
);

/**
 * Words brought together before stemming, where Porter keeps forms of one word apart: irregular plurals and twin
 * spellings.
 */
export const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    analyses: 'analysis',
    bases: 'base',
    corpora: 'corpus',
    criteria: 'criterion',
    phenomena: 'phenomenon',
    hypotheses: 'hypothesis',
    syntheses: 'synthesis',
    theses: 'thesis',
    parentheses: 'parenthesis',
    matrices: 'matrix',
    vertices: 'vertex',
    indices: 'index',
    axes: 'axis',
    optima: 'optimum',
    minima: 'minimum',
    maxima: 'maximum',
    spectra: 'spectrum',
    manifolds: 'manifold',
    children: 'child',
    people: 'person',
    mice: 'mouse',
    behaviour: 'behavior',
    behaviours: 'behavior',
    behavioural: 'behavioral',
    neighbour: 'neighbor',
    neighbours: 'neighbor',
    neighbouring: 'neighboring',
    neighbourhood: 'neighborhood',
    modelling: 'modeling',
    modelled: 'modeled',
    modeller: 'modeler',
    labelling: 'labeling',
    labelled: 'labeled',
    unlabelled: 'unlabeled',
    signalling: 'signaling',
    travelling: 'traveling',
    colour: 'color',
    colours: 'color',
    favour: 'favor',
    grey: 'gray',
    centre: 'center',
    centred: 'centered',
    defence: 'defense',
    defences: 'defense',
    catalogue: 'catalog',
    programme: 'program',
    programmes: 'program',
    artefact: 'artifact',
    artefacts: 'artifact',
    tumour: 'tumor',
    tumours: 'tumor',
    judgement: 'judgment',
    ageing: 'aging',
    adversary: 'adversarial',
    adversaries: 'adversarial',
    causality: 'causal',
    causation: 'causal',
    robotics: 'robot',
    robotic: 'robot',
    robots: 'robot',
    linguistics: 'linguistic',
    semantics: 'semantic',
    fairness: 'fair',
    unfairness: 'unfair',
    explainable: 'explain',
    explainability: 'explain',
    explanation: 'explain',
    explanations: 'explain',
    explanatory: 'explain',
    interpretability: 'interpretable',
    interpretation: 'interpret',
    interpretations: 'interpret',
    quantisation: 'quantization',
    quantised: 'quantized',
    sparsity: 'sparse',
    sparsification: 'sparse',
    sparsify: 'sparse',
    sparsely: 'sparse',
    equivariance: 'equivariant',
    invariance: 'invariant',
    invariances: 'invariant',
    multimodality: 'multimodal',
    compositionality: 'compositional',
    cyclic: 'cycle',
    proteins: 'protein',
    privacy: 'private',
    secure: 'security',
    safe: 'safety',
    safely: 'safety',
    stability: 'stable',
    finetune: 'finetuning',
    finetuned: 'finetuning',
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
