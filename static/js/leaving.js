// Text that the server does not have, where its form is not: whoever logs out is asked what is to become of it, and a
// part that cannot be written any more shows it to be copied. Without this script nothing is kept in the browser.
(() => {
  // --- logging out ------------------------------------------------------------------------------
  const asked = document.querySelector("form[data-leave-asked]");

  // Behind autosave.js, which stores the last words of its page first.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-leave]")) return;
    const drafts = new LocalDrafts(form.dataset.leave);
    if (!drafts.names().length) return;
    if (form !== asked) {
      event.preventDefault();
      location.assign(form.action);
    } else if (form.querySelector("[data-leave-drop]").checked) {
      for (const name of drafts.names()) drafts.remove(name);
    }
  });

  if (asked) {
    const drafts = new LocalDrafts(asked.dataset.leave);
    const list = asked.querySelector("[data-leave-list]");
    for (const name of drafts.names()) {
      const place = drafts.get(name)?.place;
      const line = document.createElement("li");
      const link = document.createElement(place?.url ? "a" : "span");
      if (place?.url) link.href = place.url;
      link.textContent = place?.name || name;
      line.append(link);
      list.append(line);
    }
    asked.querySelector("[data-leave-drafts]").hidden = !list.children.length;
  }

  // --- a part that cannot be written now ----------------------------------------------------------
  const CHOSEN = new Set(["claim", "direction"]);
  const pattern = document.getElementById("draft-kept");
  const user = document.getElementById("autosave-words")?.dataset.user;
  for (const place of document.querySelectorAll("[data-draft-of]")) {
    const drafts = new LocalDrafts(user);
    const name = place.dataset.draftOf;
    const texts = (drafts.get(name)?.entries ?? []).filter(([field, text]) => !CHOSEN.has(field) && text.trim());
    if (!texts.length) continue;
    const kept = pattern.content.firstElementChild.cloneNode(true);
    const lines = texts.flatMap(([, text]) => text.split(/\r?\n/));
    kept.querySelector("[data-draft-text]").append(...lines.flatMap((line) => [line, document.createElement("br")]));
    kept.querySelector("[data-draft-drop]").addEventListener("click", () => {
      drafts.remove(name);
      kept.remove();
    });
    (place.matches("tr") ? place.cells[0] : place).prepend(kept);
  }
})();
