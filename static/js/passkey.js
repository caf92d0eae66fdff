// A form with data-passkey asks the browser for a passkey, and is sent with its answer.
// create, get: the options lie in data-options. login: they are fetched when asked for.
(function () {
  "use strict";

  async function options(form) {
    if (form.dataset.passkey !== "login") return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).request_options;
  }

  async function ask(form) {
    const asked = await options(form);
    if (form.dataset.passkey !== "create") return window.webauthnJSON.get(asked);
    const chosen = asked.publicKey.authenticatorSelection;
    chosen.residentKey = chosen.userVerification = "required";
    chosen.requireResidentKey = true;
    return window.webauthnJSON.create(asked);
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    if (!window.webauthnJSON || !window.webauthnJSON.supported()) return;
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch (fault) {
        failed.hidden = false; // called off, timed out, or a key that is not known here
      }
    });
  });
})();
