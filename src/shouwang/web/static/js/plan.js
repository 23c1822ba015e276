// Shows standpoints on the plan of the estate, which is one picture with coordinates of its
// own: shares of its sides, from the left and from the top. With `data-pick` a click says
// where one stands; the fields of the form hold it in hundredths, and without this script
// they are filled in by hand.

/* global L */

const POINT = 22;

/** @param {HTMLElement} element */
function showPlan(element) {
  const width = Number(element.dataset.width);
  const height = Number(element.dataset.height);
  const bounds = L.latLngBounds([0, 0], [height, width]);
  const map = L.map(element, {
    crs: L.CRS.Simple,
    attributionControl: false,
    maxBounds: bounds.pad(0.2),
    minZoom: -5,
    maxZoom: 3,
    zoomSnap: 0.25,
  });
  L.imageOverlay(element.dataset.plan, bounds).addTo(map);
  map.fitBounds(bounds);
  const placeOf = (x, y) => [height * (1 - y), width * x];
  const icon = (className) => L.divIcon({ className, iconSize: [POINT, POINT] });

  for (const { name, x, y, url } of JSON.parse(document.getElementById("plan-points").textContent)) {
    const marker = L.marker(placeOf(x, y), { icon: icon("plan-point"), title: name, alt: name }).addTo(map);
    marker.bindTooltip(name, { permanent: true, direction: "right", offset: [12, 0] });
    if (!("pick" in element.dataset)) marker.on("click", () => location.assign(url));
  }
  if ("pick" in element.dataset) letPick(map, icon("plan-here"), { width, height, placeOf });
}

function letPick(map, icon, { width, height, placeOf }) {
  const left = /** @type {HTMLInputElement} */ (document.querySelector("[name=x]"));
  const top = /** @type {HTMLInputElement} */ (document.querySelector("[name=y]"));
  let here = null;
  const show = () => {
    if (here) here.remove();
    here = null;
    if (left.value === "" || top.value === "") return;
    here = L.marker(placeOf(Number(left.value) / 100, Number(top.value) / 100), { icon, interactive: false, keyboard: false }).addTo(map);
  };
  map.on("click", ({ latlng }) => {
    const share = (value, whole) => (100 * Math.min(1, Math.max(0, value / whole))).toFixed(1);
    left.value = share(latlng.lng, width);
    top.value = share(height - latlng.lat, height);
    show();
  });
  for (const field of [left, top]) field.addEventListener("change", show);
  show();
}

for (const element of document.querySelectorAll("[data-plan]")) {
  showPlan(/** @type {HTMLElement} */ (element));
}
