// Keys of the marking page. Which key does what stands in the window that lists them (templates/reviews/_keys.html).
(() => {
  const { current, formOf, press, step, goOn, enter } = Marking;
  const dialog = document.getElementById("keys");
  if (!dialog || !Marking.marks.length) return;

  const turn = (way) => {
    const form = document.getElementById("undo");
    form.requestSubmit(form.querySelector(way ? `[value=${way}]` : "button:not([name])"));
  };
  const acts = {
    pass: () => press("pass"),
    fail: () => press("fail"),
    unsure: () => press("unsure"),
    abstain: () => press("abstain"),
    next: () => step(1),
    previous: () => step(-1),
    unmarked: () => current() && goOn(current()),
    go: () => {
      document.getElementById("go-code").focus();
      document.getElementById("go-code").select();
    },
    comment: () => enter("comment"),
    compose: () => MarkingHelp.compose(),
    bank: () => MarkingHelp.openBank(),
    strength: () => enter("strength"),
    note: () => enter("own_note"),
    before: () => {
      const fold = current()?.querySelector("details[data-before]");
      if (!fold) return;
      fold.open = !fold.open;
      fold.querySelector("summary").focus();
    },
    evidence: () => current()?.querySelector(".evidence-place a[target=_blank]")?.click(),
    undo: () => turn(""),
    redo: () => turn("again"),
    keys: () => dialog.showModal(),
  };
  const byCode = new Map();
  for (const entry of dialog.querySelectorAll("[data-codes]")) {
    for (const code of entry.dataset.codes.split(" ")) byCode.set(code, acts[entry.dataset.act]);
  }
  for (const button of document.querySelectorAll("button[data-act]")) {
    button.addEventListener("click", () => acts[button.dataset.act]());
  }

  // --- single letters can be switched off (WCAG 2.1.4) ----------------------------------------------
  const single = dialog.querySelector("[data-single-keys]");
  const REMEMBERED = "pmqa-single-keys";
  try {
    single.checked = localStorage.getItem(REMEMBERED) !== "off";
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  single.addEventListener("change", () => {
    try {
      localStorage.setItem(REMEMBERED, single.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });

  const isTyping = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  // Arrows belong to what they move: the choice of a radio, a table that is wider than its place.
  const movesItself = (target, code) => code.startsWith("Arrow") && target.closest("[type=radio], .scroll-x");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.altKey || document.querySelector("dialog[open]")) return;
    const mark = current();
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== "Enter" || !mark) return;
      event.preventDefault();
      formOf(mark).requestSubmit(formOf(mark).querySelector("[name=next]"));
      return;
    }
    if (event.key === "Escape" && isTyping(event.target) && mark) {
      mark.querySelector("summary").focus({ preventScroll: true });
      return;
    }
    if (!single.checked || isTyping(event.target) || movesItself(event.target, event.code)) return;
    const act = event.key === "?" ? acts.keys : byCode.get(`${event.shiftKey ? "Shift+" : ""}${event.code}`);
    if (!act) return;
    // The letter itself must not land in the blank that the act opens.
    event.preventDefault();
    act();
  });
})();
