// Small comforts. Every page works without them: menus are <details>, forms post, notices stay.

// Menus close on Escape and when something outside is pressed.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Notices can be dismissed; the button is hidden until this script can answer it.
for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest(".notice").remove();
    document.getElementById("main").focus();
  });
}

// <form data-confirm="…"> or <button data-confirm="…"> asks once before it posts.
const dialog = document.querySelector("[data-confirm-dialog]");
let confirmed = null;
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const question = button?.dataset.confirm ?? event.target.dataset.confirm;
  if (!question || !dialog) return;
  if (confirmed === event.target) {
    confirmed = null;
    return;
  }
  event.preventDefault();
  // Other submit handlers must not act on a question that is still open.
  event.stopImmediatePropagation();
  dialog.querySelector("[data-confirm-question]").textContent = question;
  dialog.querySelector("[data-confirm-yes]").textContent = button ? button.textContent.trim() : "";
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      confirmed = event.target;
      event.target.requestSubmit(button);
    },
    { once: true },
  );
  dialog.showModal();
}, true);

// On a narrow screen the row of a case's pages scrolls: the page one is on has to be in sight.
for (const here of document.querySelectorAll(".subnav [aria-current]")) {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
