// «/» leads to the search box, as it does wherever people search much; everything works without this file.
document.addEventListener('keydown', (event) => {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  const writing = target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]');
  if (key !== '/' || ctrlKey || metaKey || altKey || writing) return;
  const find = document.getElementById('find');
  if (!find) return;
  event.preventDefault();
  find.focus();
  find.select();
});

// What happens is shown as it happens; without this file, or where the line breaks, by a reload.
const live = document.querySelector('[data-live]');
if (live && 'EventSource' in window) {
  const events = new EventSource(live.dataset.events);
  events.addEventListener('today', async () => {
    const answer = await fetch(live.dataset.live, { headers: { accept: 'text/html' } }).catch(() => null);
    if (!answer?.ok || answer.redirected || live.contains(document.activeElement)) return;
    live.innerHTML = await answer.text();
  });
}
