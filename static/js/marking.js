// Marking by keys, an enhancement: every key presses a control that is on the page. autosave.js does the saving.
(() => {
  const marks = [...document.querySelectorAll("details.mark-row")].filter((mark) => mark.querySelector("form[data-mark]"));
  if (!marks.length) return;
  const formOf = (mark) => mark.querySelector("form[data-mark]");
  const markOf = (form) => form.closest("details.mark-row");
  const outcomeOf = (form) => form.querySelector("[name=outcome]:checked")?.value ?? "";
  const stateOf = (form) => form.querySelector("[data-save-state]");

  for (const place of document.querySelectorAll("[data-needs-script]")) place.hidden = false;

  // --- the open part ---------------------------------------------------------------------------
  const current = () => marks.find((mark) => mark.contains(document.activeElement)) ?? marks.find((mark) => mark.open);

  function open(mark, { focus = true } = {}) {
    for (const other of marks) other.open = other === mark;
    if (focus) mark.querySelector("summary").focus({ preventScroll: true });
    mark.scrollIntoView({ block: "start" });
  }

  function step(by) {
    const next = marks[marks.indexOf(current()) + by];
    if (next) open(next);
  }

  // The next part of this page without an outcome; behind the last one the server knows where to go on.
  function goOn(from) {
    const place = marks.indexOf(from);
    const next = marks.slice(place + 1).find((mark) => !outcomeOf(formOf(mark)));
    if (next) open(next);
    else location.assign(formOf(from).dataset.after);
  }

  // --- what the map and the figures say -----------------------------------------------------------
  const here = document.querySelector(".part-map [aria-current]");
  const cells = [...document.querySelectorAll("details.mark-row")].map((_mark, place) => here?.querySelectorAll(".cell")[place]);

  function count() {
    const all = [...document.querySelectorAll(".part-map [data-mine] .cell")];
    let closed = 0;
    for (const figure of document.querySelectorAll("[data-count-of]")) {
      const outcome = figure.dataset.countOf;
      const found = all.filter((cell) =>
        outcome ? cell.classList.contains(outcome) : !["pass", "fail", "unsure"].some((name) => cell.classList.contains(name)),
      );
      figure.textContent = found.length;
      if (outcome === "pass" || outcome === "fail") closed += found.length;
    }
    const figure = document.querySelector("[data-closed]");
    if (figure) figure.textContent = closed;
  }

  function paint(form) {
    const cell = cells[[...document.querySelectorAll("details.mark-row")].indexOf(markOf(form))];
    if (!cell) return;
    cell.className = `cell ${outcomeOf(form)}`.trim();
    count();
  }

  // Resolves with the state of the save that is under way: saved, unsaved, conflict.
  function settled(form) {
    const word = () => ["saved", "unsaved", "conflict"].find((name) => stateOf(form).classList.contains(`is-${name}`));
    return new Promise((resolve) => {
      const watch = new MutationObserver(() => {
        if (!word()) return;
        watch.disconnect();
        resolve(word());
      });
      watch.observe(stateOf(form), { attributes: true, attributeFilter: ["class"] });
    });
  }

  for (const mark of marks) {
    const form = formOf(mark);
    new MutationObserver(() => {
      if (stateOf(form).classList.contains("is-saved")) paint(form);
    }).observe(stateOf(form), { attributes: true, attributeFilter: ["class"] });
  }

  // --- buttons that save and then do more ----------------------------------------------------------
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const button = event.submitter;
      if (!form.matches("form[data-mark]")) return;
      if (button?.name === "next") {
        if ((await settled(form)) === "saved") goOn(markOf(form));
      } else if (button?.name === "siblings") {
        event.preventDefault();
        event.stopImmediatePropagation();
        const stored = settled(form);
        form.requestSubmit(form.querySelector("[name=stay]"));
        if ((await stored) !== "saved") return;
        // The page comes back with all the parts of the item as they are now.
        const copy = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
        for (const [name, value] of [...new FormData(form), ["siblings", "1"]]) {
          copy.append(Object.assign(document.createElement("textarea"), { name, value }));
        }
        document.body.append(copy);
        copy.submit();
      }
    },
    true,
  );

  // --- undo ----------------------------------------------------------------------------------------
  const outcomes = new Map(marks.map((mark) => [formOf(mark), outcomeOf(formOf(mark))]));
  let last = null;
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-mark]");
    if (!form || event.target.name !== "outcome") return;
    const undo = form.querySelector("[data-undo]");
    for (const other of document.querySelectorAll("[data-undo]")) other.hidden = other !== undo;
    last = { form, outcome: outcomes.get(form) };
    outcomes.set(form, outcomeOf(form));
  });

  function undo() {
    if (!last) return;
    const { form, outcome } = last;
    for (const radio of form.querySelectorAll("[name=outcome]")) radio.checked = radio.value === outcome;
    outcomes.set(form, outcome);
    last = null;
    form.querySelector("[data-undo]").hidden = true;
    if (!markOf(form).open) open(markOf(form));
    // Not a mark of its own: only autosave.js needs to hear of it.
    form.dispatchEvent(new Event("change"));
  }
  for (const button of document.querySelectorAll("[data-undo]")) button.addEventListener("click", undo);

  // --- phrases ---------------------------------------------------------------------------------------
  for (const button of document.querySelectorAll("[data-phrase]")) {
    button.addEventListener("click", () => {
      const area = button.closest("form").elements.namedItem("comment");
      const { selectionStart: start, selectionEnd: end, value } = area;
      const before = value.slice(0, start);
      const gap = before && !/\s$/.test(before) ? " " : "";
      area.setRangeText(gap + button.dataset.phrase, start, end, "end");
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // --- keys: single letters can be switched off (WCAG 2.1.4), and rest while somebody types ---------
  const single = document.querySelector("[data-single-keys]");
  const list = document.querySelector("[data-key-list]");
  const opener = document.querySelector("[data-show-keys]");
  const REMEMBERED = "pmqa-single-keys";
  try {
    if (single) single.checked = localStorage.getItem(REMEMBERED) !== "off";
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  single?.addEventListener("change", () => {
    try {
      localStorage.setItem(REMEMBERED, single.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });

  function showKeys() {
    list.hidden = !list.hidden;
    opener.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) list.scrollIntoView({ block: "center" });
  }
  opener?.addEventListener("click", showKeys);

  const OUTCOMES = { Digit1: "pass", Digit2: "fail", Digit3: "unsure", Numpad1: "pass", Numpad2: "fail", Numpad3: "unsure" };
  // By place on the keyboard: a Thai layout types other letters with the same keys.
  const ACTIONS = { KeyJ: () => step(1), KeyK: () => step(-1), KeyZ: undo, KeyU: () => current() && goOn(current()) };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.altKey) return;
    const mark = current();
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      if (!mark) return;
      event.preventDefault();
      formOf(mark).requestSubmit(formOf(mark).querySelector("[name=next]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || !single?.checked) return;
    if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" || event.key === "ฦ") {
      showKeys();
      return;
    }
    if (event.shiftKey) return;
    const outcome = OUTCOMES[event.code];
    if (outcome && mark) {
      event.preventDefault();
      if (!mark.open) open(mark, { focus: false });
      formOf(mark).querySelector(`[name=outcome][value=${outcome}]`).click();
      if (outcome === "fail") formOf(mark).elements.namedItem("comment").focus();
      return;
    }
    ACTIONS[event.code]?.();
  });
})();
