// Everything works without this file; it only saves readers some effort.

const form = document.querySelector('[data-preview-form]');
const PREVIEWED = [
  ...['topics', 'interests', 'authors', 'organizations', 'muted', 'like', 'notLike', 'likeRemove'],
  ...['maxPapers', 'cadence', 'selectivity', 'perhaps', 'language'],
];
const onPhone = matchMedia('(max-width: 59.99rem)');

for (const element of document.querySelectorAll('.see')) element.remove(); // the preview follows by itself
for (const element of document.querySelectorAll('.only-script')) element.hidden = element.hasAttribute('data-topic-count');
document.querySelector('[data-focus]')?.focus();
guessTimeZone();
searchTopics();
countTopics();
weekdayOnlyForWeekly();
addExamplesFromFile();
oneAddress();
for (const offer of document.querySelectorAll('[data-lines]')) offerLines(offer);
if (form) livePreview(form);
followOutbox();
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

/** The address stands in two places and is asked for in one: at the foot only while the head is empty. */
function oneAddress() {
  const above = document.querySelector('#email');
  const below = document.querySelector('#email-below');
  if (!above || !below) return;
  const [ask, echo, words] = ['ask', 'echo', 'echo-address'].map((name) => document.querySelector(`[data-${name}]`));
  let typedBelow = false;
  const show = () => {
    const address = above.value.trim();
    words.textContent = address;
    ask.hidden = address !== '' && !typedBelow;
    echo.hidden = address === '' || typedBelow;
  };
  above.addEventListener('input', () => {
    typedBelow = false;
    below.value = above.value;
    show();
  });
  below.addEventListener('input', () => {
    typedBelow = true;
    above.value = below.value;
    show();
  });
  below.value = above.value;
  show();
}

/** The outbox shows a mail as soon as it is there. */
function followOutbox() {
  const list = document.querySelector('[data-outbox]');
  if (!list) return;
  setInterval(async () => {
    if (document.hidden || list.contains(document.activeElement)) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    const now = holder.content.querySelector('[data-outbox]');
    if (now && now.innerHTML !== list.innerHTML) list.innerHTML = now.innerHTML;
  }, 1_500);
}

function livePreview(form) {
  const url = form.dataset.previewForm;
  const frame = document.querySelector('[data-preview-frame]');
  const panel = document.querySelector('.preview');
  const estimate = document.querySelector('[data-estimate]');
  if (!frame || !estimate) return;
  let timer;
  let running;
  let last = '';
  const bar = answerBar(form, () => `${url}/newsletter?${wishes(form)}`);
  const update = async () => {
    const query = wishes(form);
    if (query === last) return;
    last = query;
    running?.abort();
    running = new AbortController();
    panel.classList.add('busy');
    try {
      const answer = await fetch(`${url}?${query}`, { signal: running.signal, headers: { accept: 'text/html' } });
      panel.classList.remove('busy');
      if (!answer.ok && answer.status !== 429) return;
      const holder = document.createElement('template');
      holder.innerHTML = await answer.text();
      const told = holder.content.querySelector('[data-estimate]');
      bar?.say(told?.dataset.brief ?? '', told?.querySelector('.volume')?.textContent ?? '');
      estimate.replaceChildren(...(told?.childNodes ?? []));
      if (!answer.ok) last = ''; // asked again with the next change
      else if (!bar || !onPhone.matches) frame.contentWindow.location.replace(`${url}/newsletter?${query}`);
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
  onPhone.addEventListener('change', () => {
    last = '';
    soon();
  });
  last = wishes(form);
  if (/(topics|interests|authors|organizations|muted|like)=[^&]/.test(last)) {
    last = '';
    void update();
  }
}

/** A phone's bar: it says how much would come, and opens the newsletter as a sheet that Esc, «Close» and Back shut. */
function answerBar(form, newsletterUrl) {
  const bar = form.querySelector('[data-answer-bar]');
  const sheet = document.querySelector('[data-sheet]');
  if (!bar || !sheet?.showModal) return;
  bar.hidden = false;
  if (history.state?.sheet) history.replaceState(null, '');
  const [answer, estimate] = [bar.querySelector('[data-answer]'), document.querySelector('[data-estimate]')];
  const hint = sheet.querySelector('[data-sheet-answer]');
  hint.textContent = estimate.querySelector('.volume').textContent;
  // One voice: what the bar says, the panel below it need not say too.
  const speak = () => (estimate.ariaLive = onPhone.matches ? 'off' : 'polite');
  onPhone.addEventListener('change', speak);
  speak();
  bar.querySelector('[data-open-sheet]').addEventListener('click', () => {
    const holder = sheet.querySelector('[data-sheet-frame]');
    const frame = document.createElement('iframe');
    frame.title = holder.dataset.title;
    frame.sandbox = 'allow-popups allow-popups-to-escape-sandbox allow-same-origin';
    frame.src = newsletterUrl();
    holder.replaceChildren(frame);
    sheet.showModal();
    history.pushState({ sheet: true }, '');
  });
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet || event.target.closest('[data-close-sheet]')) sheet.close();
  });
  sheet.addEventListener('close', () => {
    sheet.querySelector('iframe')?.remove();
    if (history.state?.sheet) history.back();
  });
  addEventListener('popstate', () => sheet.open && sheet.close());
  return {
    say(brief, headline) {
      answer.textContent = brief;
      hint.textContent = headline;
    },
  };
}

/** What a preview depends on; never the address. */
function wishes(form) {
  const kept = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    // A long list of papers is no part of an address: the preview does without it.
    if (name === 'like' && value.length > 2_000) continue;
    if (PREVIEWED.includes(name) && value !== '') kept.append(name, value);
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
