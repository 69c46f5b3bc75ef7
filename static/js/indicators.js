// Form 4: what autosave.js leaves to the page.
(() => {
  // A blank that has to be corrected must be in sight: its fold opens when the sentence is shown.
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const fold = target.closest("details");
      if (!target.hidden && fold) fold.open = true;
    }
  });
  for (const slot of document.querySelectorAll("details [data-error-for]")) {
    watch.observe(slot, { attributes: true, attributeFilter: ["hidden"] });
  }

  // Adding, removing and restoring load the page anew: the last words are stored first.
  const TYPED_LATELY = 2000;
  const SAVE_STARTS = 400;
  const LONGEST_WAIT = 5000;
  let typedAt = -Infinity;
  document.addEventListener("input", () => {
    typedAt = performance.now();
  });
  const isSaving = () => document.querySelector("form[data-autosave] .is-saving") !== null;
  const pause = (time) => new Promise((done) => setTimeout(done, time));

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.closest(".form4") || form.matches("[data-autosave]")) return;
    const asked = performance.now();
    if (asked - typedAt > TYPED_LATELY && !isSaving()) return;
    event.preventDefault();
    await pause(SAVE_STARTS);
    while (isSaving() && performance.now() - asked < LONGEST_WAIT) await pause(50);
    form.submit();
  });
})();
