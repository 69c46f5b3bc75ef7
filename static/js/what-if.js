// The what-if page scores anew after every change, without leaving the page; nothing is stored.
// Without this script the button does the same.
const form = document.querySelector("[data-what-if]");
const AFTER_TYPING = 400;
let waiting;
let latest = 0;

async function score() {
  const asked = ++latest;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A slower answer to an earlier change says nothing any more.
    if (asked !== latest) return;
    document.getElementById("outcome").replaceWith(page.getElementById("outcome"));
    for (const control of form.querySelectorAll("select, input:not([type=hidden])")) {
      const other = page.getElementById(control.id);
      control.toggleAttribute("aria-invalid", other.hasAttribute("aria-invalid"));
      control.classList.toggle("is-invalid", other.classList.contains("is-invalid"));
      const own = control.parentElement;
      own.querySelector(":scope > .meta")?.remove();
      const truth = other.parentElement.querySelector(":scope > .meta");
      if (truth) own.append(truth);
      const row = control.closest(".what-if-row, .what-if-blanks > div");
      row.classList.toggle("is-changed", other.closest(".what-if-row, .what-if-blanks > div").classList.contains("is-changed"));
    }
    for (const head of form.querySelectorAll(".what-if-category > summary")) {
      head.replaceWith(page.querySelector(`#${head.parentElement.id} > summary`));
    }
    if (answer.redirected) history.replaceState(null, "", answer.url);
  } catch {
    // Offline, or the session is over: what was chosen stays on the page, and the button tells more.
    const place = document.querySelector("#outcome [role=status]");
    place.textContent = document.getElementById("outcome").dataset.trouble;
  }
}

form.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(score, 0);
});
form.addEventListener("input", (event) => {
  if (!event.target.matches("input")) return;
  clearTimeout(waiting);
  waiting = setTimeout(score, AFTER_TYPING);
});
