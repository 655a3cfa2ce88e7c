// Everything works without this file; it only saves readers some effort.

const form = document.querySelector('[data-preview-form]');

for (const element of document.querySelectorAll('.only-script')) element.hidden = element.hasAttribute('data-topic-count');
document.querySelector('[data-focus]')?.focus();
guessTimeZone();
searchTopics();
countTopics();
weekdayOnlyForWeekly();
addExamplesFromFile();
for (const offer of document.querySelectorAll('[data-lines]')) offerLines(offer);
if (form) livePreview(form);
for (const element of document.querySelectorAll('form[data-challenge]')) void solveChallenge(element);

/** Chooses the zone that the browser names, under whatever name; the server checks one that is on no list. */
function guessTimeZone() {
  const select = document.querySelector('select[data-guess-zone]');
  if (!select) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
  if (!zone || /unknown/i.test(zone)) return void (document.querySelector('[data-no-zone]').hidden = false);
  const options = [...select.options];
  const option =
    options.find((one) => one.value === zone || one.dataset.also === zone) ??
    options.find((one) => isSameZone(one.value, zone)) ??
    select.appendChild(new Option(zone, zone));
  select.value = option.value;
}

function isSameZone(one, other) {
  try {
    const start = (timeZone) => globalThis.Temporal?.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    const name = (timeZone) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
    return name(one) === name(other) || Boolean(start(one)?.equals(start(other)));
  } catch {
    return false;
  }
}

function weekdayOnlyForWeekly() {
  const row = document.querySelector('[data-weekday]');
  const update = () => (row.hidden = document.querySelector('input[name=cadence]:checked')?.value !== 'weekly');
  if (!row) return;
  for (const input of document.querySelectorAll('input[name=cadence]')) input.addEventListener('change', update);
  update();
}

function searchTopics() {
  const box = document.querySelector('[data-topic-search]');
  if (box) void import(box.dataset.topicSearch).then((found) => found.searchTopics(box));
}

function countTopics() {
  for (const field of document.querySelectorAll('[data-field]')) {
    const count = field.querySelector('.count');
    const none = count.dataset.none;
    const boxes = [...field.querySelectorAll('input')];
    field.addEventListener('change', () => {
      const chosen = boxes.filter((box) => box.checked).length;
      count.textContent = chosen > 0 ? `✓ ${chosen} / ${boxes.length}` : none;
    });
  }
}

/** A line counts as one wish: who writes several with commas is offered a line for each. */
function offerLines(offer) {
  const area = document.getElementById(offer.dataset.lines);
  const parts = (line) => (line.includes('"') ? [line] : line.split(/[,;，；、]/)).map((part) => part.trim()).filter(Boolean);
  const update = () => (offer.hidden = !area.value.split('\n').some((line) => parts(line).length > 1));
  area.addEventListener('change', update);
  offer.querySelector('button').addEventListener('click', () => {
    area.value = area.value.split('\n').flatMap(parts).join('\n');
    update();
    area.focus();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

/** Puts what a file of references holds into the field above it; nothing is sent before the form is. */
function addExamplesFromFile() {
  const input = document.querySelector('[data-like-file]');
  const said = document.querySelector('[data-like-said]');
  const area = document.querySelector('#like');
  input?.addEventListener('change', async () => {
    const [file] = input.files;
    if (!file) return;
    const fits = file.size + area.value.length <= 1_000_000;
    if (fits) area.value = `${area.value.trimEnd()}\n${await file.text()}`.trimStart();
    said.textContent = (fits ? said.dataset.added : said.dataset.tooLong).replace('%', file.name);
    input.value = '';
    if (fits) area.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function livePreview(form) {
  const frame = document.querySelector('[data-preview-frame]');
  const panel = document.querySelector('.preview');
  let estimate = document.querySelector('[data-estimate]');
  if (!frame || !estimate) return;
  let timer;
  let running;
  let last = '';
  const update = async () => {
    const query = wishes(form);
    if (query === last) return;
    last = query;
    running?.abort();
    running = new AbortController();
    panel.classList.add('busy');
    try {
      const answer = await fetch(`/preview?${query}`, { signal: running.signal, headers: { accept: 'text/html' } });
      panel.classList.remove('busy');
      if (!answer.ok && answer.status !== 429) return;
      const holder = document.createElement('template');
      holder.innerHTML = await answer.text();
      estimate.replaceChildren(...(holder.content.querySelector('[data-estimate]')?.childNodes ?? []));
      if (answer.ok) frame.contentWindow.location.replace(`/preview/newsletter?${query}`);
      else last = ''; // asked again with the next change
    } catch (error) {
      if (error.name !== 'AbortError') panel.classList.remove('busy');
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(update, 300);
  };
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  last = wishes(form);
  if (/(topics|interests|authors|organizations|muted|like)=[^&]/.test(last)) {
    last = '';
    void update();
  }
}

/** What a preview depends on; never the address. */
function wishes(form) {
  const kept = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    // A long list of papers is no part of an address: the preview does without it.
    if (name === 'like' && value.length > 2_000) continue;
    if (['topics', 'interests', 'authors', 'organizations', 'muted', 'like', 'maxPapers', 'cadence', 'language'].includes(name)) kept.append(name, value);
  }
  kept.append('lang', document.documentElement.lang);
  return kept.toString();
}

/** Where a form might be a program's, the service asks for a little work that only a browser does unasked. */
async function solveChallenge(form) {
  const { challenge, bits, solver } = form.dataset;
  const status = form.querySelector('[data-working]');
  const button = form.querySelector('[data-working] ~ * button');
  document.querySelector('[data-no-script]').hidden = true;
  status.textContent = status.dataset.working;
  button.disabled = true;
  try {
    const { solve } = await import(solver);
    form.elements.solution.value = await solve(challenge, Number(bits));
    status.textContent = status.dataset.solved;
  } catch {
    document.querySelector('[data-no-script]').hidden = false; // patience does it
    status.textContent = '';
  }
  button.disabled = false;
}
