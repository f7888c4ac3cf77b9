// The circle of a service area: shown as it is typed, its centre placed by a click; and its ring,
// corner by corner, by clicks or by the keyboard.
(function () {
  "use strict";
  const box = document.getElementById("area-map");
  if (!box || !window.L) return;
  const form = box.closest("form");
  const { rayon, centre, contour, clic } = form.elements;

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

  // As annuaire/geo/drawn.py reads and writes it: a GeoJSON Polygon of one closed ring.
  const tools = form.querySelector(".ring-tools");
  const said = document.getElementById("contour-dit");
  const erase = form.elements.sans_contour;
  let corners = [];
  let shape = null;

  try {
    corners = JSON.parse(contour.value).coordinates[0].slice(0, -1).map(([lon, lat]) => [lat, lon]);
  } catch {
    corners = [];
  }

  function drawRing() {
    if (shape) shape.remove();
    shape = null;
    if (corners.length) {
      shape = L.featureGroup(corners.map((corner) => L.circleMarker(corner, { radius: 4, className: "ring", interactive: false })));
      shape.addLayer(L.polygon(corners, { className: "ring", interactive: false })).addTo(map);
    }
    const closed = [...corners, corners[0]].map(([lat, lon] = []) => [lon, lat]);
    contour.value = corners.length ? JSON.stringify({ type: "Polygon", coordinates: [closed] }) : "";
  }

  function say() {
    const count = corners.length + (corners.length > 1 ? " sommets" : " sommet");
    said.textContent = !corners.length ? "Aucun contour." : corners.length < 3 ? count + " : il en faut trois au moins." : count + " : enregistrez pour savoir quelles communes il contient.";
  }

  function addCorner(where) {
    const point = where.wrap();
    corners.push([point.lat, point.lng].map((n) => Number(n.toFixed(4))));
    if (erase) erase.checked = false;
    drawRing();
    say();
  }

  const acts = {
    add: () => addCorner(map.getCenter()),
    undo: () => { corners.pop(); drawRing(); say(); },
    clear: () => { corners = []; drawRing(); say(); },
  };
  tools.hidden = false;
  tools.addEventListener("click", function (event) {
    const act = acts[event.target.dataset.ring];
    if (act) act();
  });

  box.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.target !== box || clic.value !== "sommet") return;
    event.preventDefault();
    addCorner(map.getCenter());
  });
  map.on("click", function (event) {
    if (clic.value === "sommet") {
      addCorner(event.latlng);
      return;
    }
    const point = event.latlng.wrap();
    centre.value = "zone de la carte (" + [point.lat, point.lng].map((n) => Number(n.toFixed(4))).join(" ; ") + ")";
    if (!rayon.value) rayon.value = "30";
    draw();
  });
  rayon.addEventListener("input", draw);
  centre.addEventListener("change", draw);
  draw();
  drawRing();
  if (shape && !circle) map.fitBounds(shape.getBounds(), { padding: [20, 20], animate: false });
  if (!corners.length) say();
})();
