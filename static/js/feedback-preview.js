// Shows beside each text of the report how it will be printed: from the page that shows them all, once its fold is
// opened, and again after every save. Without this script the link in the fold leads to that page.
(() => {
  async function bring(fold) {
    const link = fold.querySelector("a[data-preview-link]");
    const answer = await fetch(link.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const slot = fold.querySelector("[data-preview-slot]");
    const found = page.querySelector(`[data-preview="${CSS.escape(fold.dataset.previewOf)}"]`);
    if (found) slot.replaceChildren(found);
    else slot.textContent = slot.dataset.none;
    link.hidden = true;
  }

  const folds = document.querySelectorAll("details[data-preview-of]");
  // Offline: the link is still there, and the next save or opening asks again.
  const show = (fold) => fold.open && bring(fold).catch(() => {});
  for (const fold of folds) fold.addEventListener("toggle", () => show(fold));
  document.addEventListener("form:saved", ({ target }) => {
    const fold = target.closest(".item")?.querySelector("details[data-preview-of]");
    if (fold) show(fold);
  });
})();
