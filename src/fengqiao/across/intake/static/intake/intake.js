// Small comforts; every page works without them.

// What was typed stays on this telephone, for a day or until the receipt is there.
const draft = {
  key: "fengqiao-draft",
  read() {
    try {
      const held = JSON.parse(localStorage.getItem(this.key));
      return held && Date.now() - held.at < 86400000 ? held : null;
    } catch { return null; }
  },
  keep(origin, said) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ origin, path: location.pathname, at: Date.now(), said }));
    } catch { /* a telephone that keeps nothing */ }
  },
  drop() {
    try { localStorage.removeItem(this.key); } catch { /* as above */ }
  },
};

if (document.querySelector("[data-sent]")) draft.drop();

document.querySelectorAll("[data-resume]").forEach((line) => {
  const held = draft.read();
  if (!held || held.origin !== line.dataset.resume) return;
  line.querySelector("a").href = held.path;
  line.hidden = false;
});

const report = document.querySelector("form[data-report]");
if (report) {
  const said = report.querySelector("[data-said]");
  const say = (sentence, bad) => {
    said.textContent = sentence;
    said.className = bad ? "note warn" : "note";
    said.hidden = !sentence;
  };
  const fields = () => [...report.elements].filter(({ name, type }) => name && !/^(file|submit|image|button)$/.test(type)
    && !/^(csrfmiddlewaretoken|step|checked)$/.test(name));
  const origin = report.dataset.draft;
  const save = () => {
    const all = Object.fromEntries(fields().map(({ name, value }) => [name, value]));
    if (origin && (all.text || all.photos)) draft.keep(origin, all);
  };

  const held = origin ? draft.read() : null;
  if (held && held.origin === origin && "fresh" in report.dataset) {
    fields().forEach((field) => {
      // The kind was just chosen, unless one came back to the same page.
      if (field.name in held.said && (field.name !== "category" || held.path === location.pathname)) field.value = held.said[field.name];
    });
    say(`${report.dataset.again} `);
    const away = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: report.dataset.away });
    away.addEventListener("click", () => { draft.drop(); location.assign(location.pathname); });
    said.append(away);
  } else {
    save();
  }
  report.addEventListener("input", save);
  report.addEventListener("change", save);

  // Photos are drawn anew, at most 1600 wide or high: upright as taken, small, and without place or device.
  const MOST = 1600;
  const smaller = async (file) => {
    const address = URL.createObjectURL(file);
    try {
      const photo = await new Promise((done, sorry) => {
        const image = new Image();
        image.onload = () => done(image);
        image.onerror = sorry;
        image.src = address;
      });
      const share = Math.min(1, MOST / Math.max(photo.naturalWidth, photo.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(photo.naturalWidth * share);
      canvas.height = Math.round(photo.naturalHeight * share);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
      return made ? new File([made], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
    } catch {
      return file; // of a kind this browser cannot draw: it is sent as it is, and the house takes place and device out
    } finally {
      URL.revokeObjectURL(address);
    }
  };
  let busy = null;
  const photos = report.querySelector("[data-photos]");
  photos?.addEventListener("change", () => {
    const chosen = [...photos.files];
    if (!chosen.length) return say("");
    say(report.dataset.shrinking);
    busy = (async () => {
      const bag = new DataTransfer();
      for (const file of chosen) bag.items.add(await smaller(file));
      photos.files = bag.files;
      const kb = Math.ceil([...bag.files].reduce((sum, { size }) => sum + size, 0) / 1000);
      say(report.dataset.shrunk.replace("{n}", bag.files.length).replace("{kb}", kb));
      busy = null;
    })();
  });

  report.addEventListener("submit", (event) => {
    save();
    if (busy) {
      event.preventDefault();
      busy.then(() => report.requestSubmit(event.submitter));
    } else if (!navigator.onLine) {
      event.preventDefault();
      say(report.dataset.offline, true);
      window.addEventListener("online", () => say(report.dataset.online), { once: true });
    }
  });
}
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.querySelectorAll("[data-leave]").forEach((link) => {
  // Replacing leaves no way back to this page by the back button.
  const leave = () => { draft.drop(); window.location.replace(link.href); };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let presses = 0;
  document.addEventListener("keydown", (event) => {
    presses = event.key === "Escape" ? presses + 1 : 0;
    if (presses === 3) leave();
  });
});

const here = document.querySelector("[data-here]");
if (here && navigator.geolocation && window.isSecureContext) {
  const said = document.querySelector("[data-here-said]");
  here.hidden = false;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      document.querySelector("[name=lon]").value = coords.longitude.toFixed(6);
      document.querySelector("[name=lat]").value = coords.latitude.toFixed(6);
      said.textContent = said.dataset.found;
    },
    () => { said.textContent = said.dataset.lost; },
    { enableHighAccuracy: true, timeout: 10000 },
  ));
}
