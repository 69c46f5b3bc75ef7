// A blank that has to be corrected must be in sight: its fold opens when autosave.js shows the sentence.
(() => {
  const open = (slot) => {
    const fold = slot.closest("details");
    if (!slot.hidden && fold) fold.open = true;
  };
  const watch = new MutationObserver((changes) => {
    for (const change of changes) open(change.target);
  });
  for (const slot of document.querySelectorAll("details [data-error-for]")) {
    watch.observe(slot, { attributes: true, attributeFilter: ["hidden"] });
  }
})();
