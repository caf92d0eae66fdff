// Small comforts; every page is whole without them.
(function () {
  "use strict";

  // Disclosures over the page close on Escape and on a press elsewhere.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const open = event.target.closest("details.closes[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll(".masthead-person.closes[open]").forEach(function (open) {
      if (!open.contains(event.target)) open.open = false;
    });
  });

  // Without a connection the browser would put its own page in the place of what was typed.
  const offline = document.getElementById("offline");
  document.addEventListener("submit", function (event) {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.after(offline);
    offline.hidden = false;
    offline.scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("online", function () {
    offline.hidden = true;
  });

  // While a form saves itself, pressing its button waits for the answer: sent at once, it would
  // not know of its own draft and seem to come from another window.
  const waiting = new Map();
  document.addEventListener("submit", function (event) {
    if (!event.target.matches("[data-autosave].htmx-request")) return;
    event.preventDefault();
    waiting.set(event.target, event.submitter);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const form = event.target;
    if (!waiting.has(form)) return;
    const button = waiting.get(form);
    waiting.delete(form);
    // Without a connection the page stays, says so, and tries the draft again.
    if (event.detail.xhr.status) form.requestSubmit(button);
  });

  // A second press of the same button sends nothing; the server would refuse it anyway.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
  });
  // Coming back with the browser's button shows the form as it was, ready to be sent.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach(function (button) {
        button.removeAttribute("aria-disabled");
      });
    });
  });

  // Queues: j and k go down and up, Enter opens (it is a link).
  function typing(target) {
    return target.closest("input, select, textarea, [contenteditable]");
  }
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return;
    if (event.key !== "j" && event.key !== "k") return;
    const links = Array.from(document.querySelectorAll("[data-queue] li a"));
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = event.key === "j" ? here + 1 : here - 1;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
    event.preventDefault();
  });

  // The saved state of a form that saves itself: <form data-autosave hx-post=… hx-trigger=…>.
  let unsaved = false;
  function show(state) {
    const saved = document.getElementById("saved");
    if (!saved) return;
    saved.dataset.saved = state;
    if (saved.dataset[state]) saved.textContent = saved.dataset[state];
  }
  function isAutosave(event) {
    return event.target.closest && event.target.closest("[data-autosave]");
  }
  let again = 0;
  document.addEventListener("input", function (event) {
    if (isAutosave(event)) unsaved = true;
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (isAutosave(event)) show("saving");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const form = isAutosave(event);
    if (!form) return;
    window.clearTimeout(again);
    if (event.detail.successful) {
      unsaved = false;
      return;
    }
    show("failed");
    again = window.setTimeout(function () {
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }, 10000);
  });
  document.addEventListener("submit", function () {
    unsaved = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
