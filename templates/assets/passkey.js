// Asks the browser for a passkey where a form wants one, and sends what it answers as that form's field. The form is hidden where the
// browser has no passkeys; every other way to sign in works without this file.
const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!browserSupportsWebAuthn()) continue;
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask(form);
  });
}

async function ask(form) {
  const button = form.querySelector('button');
  const told = form.querySelector('[role=alert]');
  button.disabled = true;
  told.hidden = true;
  try {
    const body = new URLSearchParams();
    const csrf = form.elements.namedItem('csrf');
    if (csrf) body.set('csrf', csrf.value);
    const response = await fetch(form.dataset.options, { method: 'POST', body });
    if (response.redirected) return location.assign(response.url); // a fresh sign-in is wanted first
    if (response.status === 429) return form.submit(); // whoever is locked out is told so by the page behind the form
    if (!response.ok) {
      told.hidden = false;
      return;
    }
    const start = form.dataset.passkey === 'add' ? startRegistration : startAuthentication;
    form.elements.namedItem('answer').value = JSON.stringify(await start({ optionsJSON: await response.json() }));
    form.submit();
  } catch {
    told.hidden = false; // dismissed, or no passkey for this site
  } finally {
    button.disabled = false;
  }
}
