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
})();
