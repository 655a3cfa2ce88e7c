// Finds topics while somebody types: by abbreviations and by how words begin, the best group and topic first.

/** How well a topic fits, best first; summed up over the words that were typed. */
const RANKS = { short: 0, name: 1, also: 2, about: 4, inside: 8 };

/** Takes a text apart into words, in small letters. */
export function wordsOf(text) {
  return text.normalize('NFC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * Tells how well a topic fits what was typed, 0 best; Infinity where it doesn't. `inside` looks into words too, for
 * languages that write compounds as one.
 */
export function fitOf(typed, topic, inside = false) {
  return typed.reduce((sum, word) => sum + rankOf(word, topic, inside), 0);
}

function rankOf(word, { short, name, also, about }, inside) {
  const single = word.replace(/s$/, '');
  const begins = (list) => list.some((one) => one.startsWith(word));
  if (short.includes(word) || short.includes(single)) return RANKS.short;
  if (begins(name)) return RANKS.name;
  if (also.includes(word) || also.includes(single) || begins(short)) return RANKS.also;
  if (begins(about) || begins(also)) return RANKS.about;
  return inside && word.length > 3 && [...name, ...about].some((one) => one.includes(word)) ? RANKS.inside : Infinity;
}

/** Shows what fits while a search box is filled in; everything stands in its old place when it is empty again. */
export function searchTopics(box) {
  const count = document.querySelector('[data-topic-count]');
  const fields = [...document.querySelectorAll('[data-field]')].map((field) => ({
    field,
    open: field.open,
    chips: [...field.querySelectorAll('.chip')].map((chip) => ({ chip, topic: topicOf(field, chip) })),
  }));
  box.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  box.addEventListener('input', () => {
    const typed = wordsOf(box.value);
    const shown = show(fields, typed, false) || show(fields, typed, true);
    count.hidden = shown > 0;
    count.textContent = shown > 0 ? '' : count.dataset.none;
  });
}

/** Reads what a topic is found by: what the page shows of it, and what its attributes add. */
function topicOf(field, chip) {
  const { english = '', short = '', also = '' } = chip.dataset;
  return findableBy({
    name: `${chip.textContent} ${english} ${chip.querySelector('input').value}`,
    about: `${field.querySelector('summary > span').textContent} ${chip.title}`,
    ...{ short, also },
  });
}

/** Takes apart what a topic is found by. */
export function findableBy({ name, short, also, about }) {
  return { name: wordsOf(name), short: wordsOf(short), also: wordsOf(also), about: wordsOf(about) };
}

function show(fields, typed, inside) {
  let shown = 0;
  const ranked = fields.map((one) => {
    const chips = inOrder(one.chips.map(({ chip, topic }) => ({ element: chip, fit: fitOf(typed, topic, inside) })));
    const here = chips.filter(({ fit }) => fit < Infinity).length;
    one.field.hidden = here === 0;
    one.field.open = typed.length > 0 ? here > 0 : one.open;
    shown += here;
    return { element: one.field, fit: chips[0]?.fit ?? Infinity };
  });
  inOrder(ranked);
  return shown;
}

/** Puts elements in order within their parent; those that fit equally well keep theirs. */
function inOrder(ranked) {
  const sorted = [...ranked].sort((a, b) => (a.fit === b.fit ? 0 : a.fit - b.fit));
  for (const { element, fit } of sorted) {
    if (element.classList.contains('chip')) element.hidden = fit === Infinity;
    element.parentElement.append(element);
  }
  return sorted;
}
