// Opens a file of the register beside the answer that cites it, one page at a time, from the page that shows the same.
// Without this script the link leads there.
(() => {
  async function bring(pane, address) {
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (answer.redirected) throw new Error("signed out");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-look-page]");
      if (!found) throw new Error(String(answer.status));
      pane.replaceChildren(found);
      pane.scrollTop = 0;
    } catch {
      // Offline, signed out, or not to be shown: what was seen stays, and the link is still there.
      if (!pane.querySelector("[data-look-page]")) pane.textContent = pane.dataset.none;
    } finally {
      pane.removeAttribute("aria-busy");
    }
  }

  function toggle(link) {
    const pane = link.closest("[data-look-entry]").querySelector("[data-look-pane]");
    pane.hidden = !pane.hidden;
    link.setAttribute("aria-expanded", String(!pane.hidden));
    if (!pane.hidden && !pane.querySelector("[data-look-page]")) bring(pane, link.href);
  }

  async function turn(pane, link) {
    const direction = link.rel;
    await bring(pane, link.href);
    // At either end the button that was pressed is gone.
    (pane.querySelector(`a[rel="${direction}"]`) ?? pane.querySelector("a[rel]"))?.focus();
  }

  for (const link of document.querySelectorAll("a[data-look]")) link.setAttribute("aria-expanded", "false");
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a");
    const pane = link?.closest("[data-look-pane]");
    if (!link?.matches("a[data-look]") && !(pane && link.matches("a[rel=prev], a[rel=next]"))) return;
    event.preventDefault();
    if (pane) turn(pane, link);
    else toggle(link);
  });
})();
