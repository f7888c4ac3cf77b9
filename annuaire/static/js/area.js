// The circle of a service area: shown as it is typed, its centre placed by a click.
(function () {
  "use strict";
  const box = document.getElementById("area-map");
  if (!box || !window.L) return;
  const form = box.closest("form");
  const { rayon, centre } = form.elements;

  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, { zoomAnimation: !still, fadeAnimation: !still, inertia: !still, zoomControl: false, minZoom: 4, maxZoom: 14, scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: "Agrandir la carte", zoomOutTitle: "Réduire la carte" }).addTo(map);
  map.setView([46.6, 2.5], 5);

  const tiles = box.dataset.tilesUrl;
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: 19, attribution: "Fond de carte : " + box.dataset.tilesHost }).addTo(map);
  } else {
    fetch(box.dataset.outlinesUrl, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((outlines) => L.geoJSON(outlines, { interactive: false, style: { className: "outline" } }).addTo(map).bringToBack())
      .catch(() => {});
  }

  // As annuaire/geo/typed_point.py writes and reads it.
  const MAP_AREA = /^zone de la carte \((-?[\d.]+) ; (-?[\d.]+)\)$/;
  let circle = null;

  function place() {
    const typed = centre.value.trim();
    const point = MAP_AREA.exec(typed);
    if (point) return [Number(point[1]), Number(point[2])];
    if (typed) return typed === box.dataset.label ? [Number(box.dataset.lat), Number(box.dataset.lon)] : null;
    return box.dataset.ownLat ? [Number(box.dataset.ownLat), Number(box.dataset.ownLon)] : null;
  }

  function draw() {
    const where = place();
    const radius = Number(rayon.value.replace(",", "."));
    if (circle) circle.remove();
    circle = null;
    if (!where || !(radius >= 1 && radius <= 300)) return;
    circle = L.circle(where, { radius: radius * 1000, className: "radius", interactive: false }).addTo(map);
    map.fitBounds(circle.getBounds(), { padding: [20, 20], animate: false });
  }

  map.on("click", function (event) {
    const point = event.latlng.wrap();
    centre.value = "zone de la carte (" + [point.lat, point.lng].map((n) => Number(n.toFixed(4))).join(" ; ") + ")";
    if (!rayon.value) rayon.value = "30";
    draw();
  });
  rayon.addEventListener("input", draw);
  centre.addEventListener("change", draw);
  draw();
})();
