/** Irregular forms, each behind the word it belongs to. */
const IRREGULAR = `
analysis analyses; basis; corpus corpora; criterion criteria; phenomenon phenomena; matrix matrices; vertex vertices;
index indices; axis axes; optimum optima; minimum minima; maximum maxima; spectrum spectra; child children; person people
persons; mouse mice; man men; woman women; foot feet; tooth teeth; goose geese; ox oxen; wolf wolves; knife knives; half
halves; shelf shelves; thief thieves; loaf loaves; calf calves; hoof hooves; leaf leaves; life lives; bacterium bacteria;
taxon taxa; fungus fungi; nucleus nuclei; stimulus stimuli; locus loci; focus foci focussed focussing; radius radii;
genus genera; bacillus bacilli; curriculum curricula; stratum strata; ganglion ganglia; mitochondrion mitochondria;
automaton automata; polyhedron polyhedra; equilibrium equilibria; momentum momenta; modulus moduli; torus tori; lemma
lemmata; schema schemata; codex codices; appendix appendices; cortex cortices; simplex simplices; helix helices; apex
apices; vortex vortices; crisis crises; diagnosis diagnoses; prognosis prognoses; metastasis metastases; emphasis
emphases; stenosis stenoses; symposium symposia; consortium consortia; moratorium moratoria; referendum referenda;
quiz quizzes; gas gases; bus buses; plus; lens lenses; atlas; canvas; pancreas; chaos; cosmos; ethos; news; aids; sars; mers; gps; has; was; does; always; perhaps; texas; christmas;
api apis; gui guis; cli clis; mri mris; imu imus; wsi wsis; roi rois; poi pois; dynamics; statics; logistics; genetics;
economics; politics; physics;  taxi taxis; ski skis;
build builds built; write writes wrote written writing; choose chooses chose chosen choosing; hold holds held holding;
keep keeps kept keeping; learn learns learnt learned learning; make makes made making; send sends sent sending; show shows shown
showed showing; take takes took taken taking; teach teaches taught teaching; understand understands understood understanding;
draw draws drew drawn; drive drives drove driving; give gives gave given giving; grow grows grew grown growing; know
knows knew known knowing; see sees saw seen seeing; speak speaks spoke spoken speaking; break breaks broke broken breaking;
freeze freezes froze frozen freezing; feed feeds fed feeding; spend spends spent spending; buy buys bought buying; bring brings
brought bringing; catch catches caught catching; forget forgets forgot forgotten forgetting; prove proves proved proven proving;
seek seeks sought seeking; sell sells sold selling; tell tells told telling; win wins won winning; run runs ran running; become
becomes became becoming; begin begins began begun beginning; rewrite rewrites rewrote rewritten rewriting; weave weaves wove
woven weaving; deal deals dealt dealing; fall falls fell fallen falling; fly flies flew flown flying; find finds found finding
findings; mean means meant; arise arises arose arisen arising; shrink shrinks shrank shrunk shrinking; sing sings sang sung
singing; swim swims swam swum swimming; throw throws threw thrown throwing; wear wears wore worn wearing; steal steals stole stolen
stealing; lie lies lied lying; die dies died dying; tie ties tied tying; suite suites; caste castes; borne; else; wolfe; use uses used using; add adds added adding; err errs
erred erring; sync syncs synced syncing;
embed embeds embedded; exceed exceeds exceeded exceeding; biped bipeds; quadruped quadrupeds;
good better best; bad worse worst; easy easier easiest; early earlier earliest; heavy heavier heaviest
`;

/** Nouns in -ing, -ed that have gone their own way from the verb («buildings» are not what somebody builds a model of). */
const NOUNS = `
building meaning evening setting bearing embedding being wedding ceiling clothing housing lighting painting drawing rating
morning offspring sibling spring string engineering
`;

/** Words in -e beside which the same without -e is another word («unite», «unit»). */
const KEPT_E = `
unite morale locale paste humane silicone envelope rationale route secrete clothe bathe breathe artiste urbane
`;

/** Adjectives whose -er and -est are no other word. */
const COMPARED = `
fast large small high low deep long short strong weak cheap safe smart new old young wide rich hard simple dense sparse slow
fine close great broad tight quick light bright dark hot cold warm fair rough smooth thin thick clean clear
`;

/** What the rules of inflection would get wrong: each form with the stem it has. */
export const FIXED_FORMS: ReadonlyMap<string, string> = new Map(
  [...irregular(), ...nouns(), ...kept(), ...compared()].reverse(),
);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Groups parted by semicolons; the first word of each is what its others stand for. */
function irregular(): [string, string][] {
  return IRREGULAR.split(';').flatMap((group) => {
    const [base = '', ...forms] = words(group);
    return [base, ...forms].map((form): [string, string] => [form, base]);
  });
}

function kept(): [string, string][] {
  return words(KEPT_E).flatMap((word) =>
    [word, `${word}s`, `${word}d`, `${word.slice(0, -1)}ing`].map((form): [string, string] => [form, word]),
  );
}

function nouns(): [string, string][] {
  return words(NOUNS).flatMap((word): [string, string][] => [
    [word, word],
    [`${word}s`, word],
  ]);
}

function compared(): [string, string][] {
  return words(COMPARED).flatMap((word) => {
    const open = word
      .replace(/e$/, '')
      .replace(/^(h)ot$|^(th)in$/, '$&t')
      .replace(/nt$/, 'nn');
    return [word, `${open}er`, `${open}est`].map((form): [string, string] => [form, word]);
  });
}
