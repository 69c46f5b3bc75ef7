// Sends a file of the evidence register ahead of its form, in pieces: with progress, and on from where it stopped
// after a lost network. Without this script the file goes along with the form.
const PIECE = 1024 * 1024;
const PAUSES = [1000, 2000, 4000, 8000, 15000];

class Refusal extends Error {}

class Uploader {
  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.form = place.closest("form");
    this.input = place.querySelector("input[type=file]");
    this.token = place.querySelector("input[name=upload]");
    this.progress = place.querySelector("[data-upload-progress]");
    this.status = place.querySelector("[data-upload-status]");
    this.error = place.querySelector("[data-upload-error]");
    // Each choice of a file is a run of its own; an older run notices and ends.
    this.run = 0;
    this.sending = false;
    this.input.addEventListener("change", () => this.choose());
    place.querySelector("[data-upload-cancel]").addEventListener("click", () => this.cancel());
    this.form.addEventListener("submit", (event) => this.hold(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.sending) event.preventDefault();
    });
  }

  choose() {
    this.run += 1;
    this.submitter = null;
    this.token.value = "";
    this.tell("");
    this.fail("");
    const file = this.input.files[0];
    if (file) this.send(file, this.run);
  }

  cancel() {
    this.input.value = "";
    this.choose();
    this.end();
  }

  end() {
    this.sending = false;
    this.progress.hidden = true;
    // The form's own way is open again.
    this.input.name = "file";
  }

  // A form posted too early waits for its file.
  hold(event) {
    if (!this.sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.submitter = event.submitter;
    this.tell(this.words.notYet);
  }

  async send(file, run) {
    this.sending = true;
    this.progress.hidden = false;
    this.show(0);
    try {
      const upload = await this.insist(run, 0, () => this.begin(file));
      let received = upload.received;
      while (run === this.run && received < file.size) {
        this.show((100 * received) / file.size);
        received = await this.insist(run, (100 * received) / file.size, () => this.piece(upload.url, file, received));
      }
      if (run !== this.run) return;
      const waiting = this.submitter;
      this.end();
      this.token.value = upload.id;
      this.input.removeAttribute("name");
      this.tell(`${this.words.done} ${file.name}`);
      if (waiting) this.form.requestSubmit(waiting);
    } catch (error) {
      if (run !== this.run) return;
      this.end();
      this.input.value = "";
      this.tell("");
      this.fail(error instanceof Refusal && error.message ? error.message : this.words.failed);
    }
  }

  // Tries again for as long as there is no answer at all; an answer that refuses ends it.
  async insist(run, percent, act) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await act();
      } catch (error) {
        if (error instanceof Refusal || run !== this.run) throw error;
        this.tell(this.words.waiting.replace("{percent}", Math.floor(percent)));
        await new Promise((resume) => {
          const timer = setTimeout(resume, PAUSES[Math.min(attempt, PAUSES.length - 1)]);
          window.addEventListener("online", () => { clearTimeout(timer); resume(); }, { once: true });
        });
      }
    }
  }

  begin(file) {
    const body = new FormData();
    body.set("name", file.name);
    body.set("size", file.size);
    body.set("modified", file.lastModified);
    return this.post(this.words.upload, body);
  }

  async piece(url, file, offset) {
    const answer = await this.post(`${url}${offset}/`, file.slice(offset, offset + PIECE));
    return answer.received;
  }

  async post(url, body) {
    const csrf = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": csrf } });
    // Busy or restarting: as good as no answer.
    if ([502, 503, 504].includes(answer.status)) throw new Error(String(answer.status));
    const told = await answer.json().catch(() => ({}));
    // 409 says how much there is: go on from there.
    if (!answer.ok && answer.status !== 409) throw new Refusal(told.message ?? "");
    return told;
  }

  show(percent) {
    const bar = this.progress.querySelector("progress");
    bar.value = percent;
    // Spoken in tens only, so that a screen reader is not flooded.
    const tens = Math.floor(percent / 10) * 10;
    const text = this.words.sending.replace("{percent}", tens);
    if (!this.submitter && this.status.textContent !== text) this.tell(text);
  }

  tell(text) {
    this.status.textContent = text;
  }

  fail(text) {
    this.error.hidden = !text;
    this.error.querySelector("[data-upload-error-text]").textContent = text;
    this.input.classList.toggle("is-invalid", Boolean(text));
  }
}

for (const place of document.querySelectorAll("[data-upload]")) new Uploader(place);
