// Small comforts; every page works without them.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.querySelectorAll("[data-leave]").forEach((link) => {
  // Replacing leaves no way back to this page by the back button.
  const leave = () => window.location.replace(link.href);
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
