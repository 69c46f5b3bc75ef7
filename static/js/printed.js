// Lets the lines of a printed form that belong nowhere be dragged onto a part. It only does what the ticks, the
// select and the button of the form do: without this script, and with a keyboard, those are the way.
const TYPE = "application/x-printed-line";

class Sorter {
  constructor(place) {
    this.place = place;
    this.select = place.querySelector("select[name=target]");
    this.button = place.querySelector("[data-place]");
    this.panel = place.querySelector("[data-targets]");
    for (const line of place.querySelectorAll("[data-line]")) this.makeDraggable(line);
    this.buildPanel();
    place.querySelector("[data-drag-hint]").hidden = false;
  }

  makeDraggable(line) {
    line.draggable = true;
    line.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(TYPE, line.querySelector("input").value);
      event.dataTransfer.effectAllowed = "move";
      line.classList.add("is-dragged");
    });
    line.addEventListener("dragend", () => line.classList.remove("is-dragged"));
  }

  buildPanel() {
    const title = document.createElement("h3");
    title.textContent = this.panel.dataset.title;
    this.panel.append(title);
    for (const group of this.select.querySelectorAll("optgroup")) this.panel.append(this.topic(group));
    this.panel.hidden = false;
    this.panel.parentElement.classList.add("has-targets");
  }

  topic(group) {
    const topic = document.createElement("details");
    const summary = document.createElement("summary");
    summary.lang = "th";
    summary.textContent = group.label;
    // A topic opens when a line is held over it.
    summary.addEventListener("dragenter", () => {
      topic.open = true;
    });
    const list = document.createElement("ul");
    for (const option of group.querySelectorAll("option")) list.append(this.target(option));
    topic.append(summary, list);
    return topic;
  }

  target(option) {
    const target = document.createElement("li");
    target.lang = "th";
    target.textContent = option.label;
    target.dataset.value = option.value;
    target.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes(TYPE)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      target.classList.add("is-over");
    });
    target.addEventListener("dragleave", () => target.classList.remove("is-over"));
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      this.put(event.dataTransfer.getData(TYPE), option.value);
    });
    return target;
  }

  // The dragged line, with the others where it is one of those that are ticked.
  put(line, value) {
    const boxes = [...this.place.querySelectorAll("[data-line] input")];
    const dragged = boxes.find((box) => box.value === line);
    if (!dragged) return;
    if (!dragged.checked) for (const box of boxes) box.checked = box === dragged;
    this.select.value = value;
    this.button.click();
  }
}

for (const place of document.querySelectorAll("[data-unplaced]")) new Sorter(place);
