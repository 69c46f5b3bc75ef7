// Brings the result before to every part of the page once one of its folds is opened, from the page that shows them
// all. Without this script the link in the fold leads there.
(() => {
  const folds = document.querySelectorAll("details[data-before]");
  let asked = false;

  async function bring(link) {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const slot of document.querySelectorAll("[data-before-slot]")) {
      const found = page.querySelector(`[data-before="${CSS.escape(slot.dataset.beforeSlot)}"]`);
      if (found) slot.replaceChildren(...found.childNodes);
      else slot.textContent = slot.dataset.none;
    }
  }

  for (const fold of folds) {
    fold.addEventListener("toggle", () => {
      if (!fold.open || asked) return;
      asked = true;
      // Offline: the link is still there, and the next fold asks again.
      bring(fold.querySelector("a")).catch(() => (asked = false));
    });
  }
})();
