// Small helps round a form: counters, growing text areas, Ctrl+S, focus from a link, guidance of the item in hand.
(() => {
  const LIMIT = 20_000;
  const SHOW_FROM = 18_000;
  const words = document.getElementById("autosave-words")?.dataset ?? {};

  // Code points, as the server counts them after normalisation.
  const lengthOf = (text) => [...text.replaceAll("\r\n", "\n").normalize("NFC")].length;

  for (const area of document.querySelectorAll("textarea[data-count]")) {
    if (area.readOnly) continue;
    const counter = document.createElement("p");
    counter.className = "counter";
    counter.id = `${area.id}-count`;
    counter.hidden = true;
    area.after(counter);
    area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") ?? ""} ${counter.id}`.trim());
    const count = () => {
      const length = lengthOf(area.value);
      counter.textContent = `${length.toLocaleString("en")} / ${LIMIT.toLocaleString("en")} ${words.characters ?? ""}`;
      counter.classList.toggle("is-over", length > LIMIT);
      // Once shown it stays: what moves when a blank loses the focus would slip away under a click.
      counter.hidden &&= document.activeElement !== area && length < SHOW_FROM;
    };
    for (const event of ["input", "focus", "draft:filled"]) area.addEventListener(event, count);
    count();
  }

  if (!CSS.supports("field-sizing", "content")) {
    const grow = (area) => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    for (const area of document.querySelectorAll("form[data-autosave] textarea")) {
      area.addEventListener("input", () => grow(area));
      area.addEventListener("draft:filled", () => grow(area));
      grow(area);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== "KeyS") return;
    const form = document.activeElement?.closest("form[data-autosave]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  // A link to a blank puts the cursor into it, a link to a part onto its first control.
  const focusTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const field = target.matches("input, textarea, select")
      ? target
      : target.matches("form") && target.querySelector("input[type=radio], textarea, input:not([type=hidden])");
    if (!field) return;
    field.focus({ preventScroll: true });
    (field.closest(".field") ?? target).scrollIntoView({ block: target === field ? "center" : "start" });
  };
  // After the browser's own jump, which would take the focus away again.
  window.addEventListener("hashchange", () => requestAnimationFrame(focusTarget));
  window.addEventListener("load", () => requestAnimationFrame(focusTarget));

  // The margin opens the guidance of the level in hand.
  const guides = [...document.querySelectorAll(".rail-right [data-guide-level]")];
  document.addEventListener("focusin", (event) => {
    const level = event.target.closest(".item")?.dataset.level;
    if (!level || !guides.some((guide) => guide.dataset.guideLevel === level)) return;
    for (const guide of guides) guide.open = guide.dataset.guideLevel === level;
  });
})();
