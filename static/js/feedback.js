// A draft restored by autosave.js fills values: for a checkbox a value means ticked, none means not.
document.addEventListener("draft:filled", ({ target }) => {
  if (target.type !== "checkbox") return;
  target.checked = target.value === target.defaultValue;
  target.value = target.defaultValue;
});
