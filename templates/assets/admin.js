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
