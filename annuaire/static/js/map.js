// The map beside the results, of the structures proposed, or of one structure. It repeats the list:
// nothing is only here.
(function () {
  "use strict";
  const box = document.getElementById("map");
  if (!box || !window.L) return;

  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = { zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still };
  const map = L.map(box, { ...motion, zoomControl: false, minZoom: 2, maxZoom: 17, scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: "Agrandir la carte", zoomOutTitle: "Réduire la carte" }).addTo(map);
  map.setView([46.6, 2.5], 5);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  const tiles = box.dataset.tilesUrl;
  // A list of some structures may stand in one town: our outlines show nothing nearer than this.
  const closest = box.dataset.list && !tiles ? 8 : 11;
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: 19, attribution: "Fond de carte : " + box.dataset.tilesHost }).addTo(map);
  } else {
    getJson(box.dataset.outlinesUrl).then(function (outlines) {
      L.geoJSON(outlines, { interactive: false, style: { className: "outline" } }).addTo(map).bringToBack();
    });
  }

  function getJson(url) {
    return fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .catch(() => ({ type: "FeatureCollection", features: [] }));
  }

  function pointIcon() {
    return L.divIcon({ className: "map-point", iconSize: [18, 18] });
  }

  function clusterIcon(cluster) {
    const count = cluster.getChildCount();
    const size = count < 10 ? 32 : count < 100 ? 38 : 46;
    const label = document.createElement("span");
    label.textContent = count.toLocaleString("fr-FR");
    return L.divIcon({ html: label, className: "map-cluster", iconSize: [size, size] });
  }

  function popup(properties) {
    const content = document.createElement("div");
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.name;
    content.append(link);
    for (const line of [[].concat(properties.statuses || []).join(", "), properties.city]) {
      if (!line) continue;
      const part = document.createElement("div");
      part.textContent = line;
      content.append(part);
    }
    return content;
  }

  if (box.dataset.lat) {
    const place = [Number(box.dataset.lat), Number(box.dataset.lon)];
    L.marker(place, { icon: pointIcon(), alt: box.dataset.name, title: box.dataset.name, interactive: false, keyboard: false }).addTo(map);
    map.setView(place, tiles ? 13 : 8);
    return;
  }

  // Most results in the mainland: begin there, the overseas ones stay a drag away.
  const mainland = L.latLngBounds([41.2, -5.3], [51.2, 9.7]);

  function boundsOf(places) {
    const near = places.filter((place) => mainland.contains(place));
    return L.latLngBounds(near.length * 2 >= places.length ? near : places);
  }

  const clusters = L.markerClusterGroup({ iconCreateFunction: clusterIcon, chunkedLoading: true, showCoverageOnHover: false, animate: false, maxClusterRadius: 50 });
  map.addLayer(clusters);
  let circle = null;
  let asked = "";

  function show(data, url) {
    clusters.clearLayers();
    if (circle) circle.remove();
    circle = null;
    const markers = data.features.map(function (feature) {
      const [lon, lat] = feature.geometry.coordinates;
      const name = feature.properties.name;
      const marker = L.marker([lat, lon], { icon: pointIcon(), alt: name, title: name });
      return marker.bindPopup(() => popup(feature.properties));
    });
    clusters.addLayers(markers);
    let bounds = boundsOf(markers.map((marker) => marker.getLatLng()));
    if (data.circle) {
      circle = L.circle([data.circle.lat, data.circle.lon], { radius: data.circle.radius_km * 1000, className: "radius", interactive: false }).addTo(map);
      bounds = circle.getBounds();
    }
    // Where one asked for what is seen, nothing moves.
    if (bounds.isValid() && !(url && url === keptView)) map.fitBounds(bounds, { padding: [20, 20], maxZoom: closest, animate: false });
    settle();
  }

  // Searching what is seen: proposed once the user moved the map away from where we put it.
  const MAX_RADIUS_KM = 300; // search/filters/parsing.py
  const MOVED_PIXELS = 12;
  const form = document.getElementById("recherche");
  const here = document.getElementById("chercher-ici");
  let settled = null;
  let asking = false;
  let keptView = "";

  function settle() {
    if (!here) return;
    settled = { centre: map.getCenter(), zoom: map.getZoom() };
    here.hidden = true;
  }

  function moved() {
    if (!settled) return;
    const pixels = map.project(map.getCenter()).distanceTo(map.project(settled.centre));
    here.hidden = map.getZoom() === settled.zoom && pixels < MOVED_PIXELS;
  }

  function searchHere() {
    const centre = map.getCenter().wrap();
    const bounds = map.getBounds();
    const metres = Math.max(map.distance(centre, bounds.getNorthWest()), map.distance(centre, bounds.getSouthEast()));
    const radius = Math.min(MAX_RADIUS_KM, Math.max(1, Math.ceil(metres / 1000)));
    // The box says it in words, which search.js writes shorter in the address.
    form.elements.lieu.value = "zone de la carte (" + [centre.lat, centre.lng].map((n) => Number(n.toFixed(4))).join(" ; ") + ")";
    form.elements.rayon.value = String(radius);
    asking = true;
    box.focus({ preventScroll: true }); // the button goes away, the reader stays
    here.hidden = true;
    form.requestSubmit();
  }

  // Structures proposed for a need: the points are those of the list itself.
  if (box.dataset.list) {
    const lines = document.querySelectorAll("#" + box.dataset.list + " > [data-lat]");
    show({ features: Array.from(lines, pointOf) }, "");
    return;
  }

  function pointOf(line) {
    const { lat, lon, name, city, url } = line.dataset;
    return { geometry: { coordinates: [Number(lon), Number(lat)] }, properties: { name, city, url } };
  }

  map.on("moveend", moved);
  here.addEventListener("click", searchHere);

  function refresh() {
    const part = document.getElementById("resultats");
    const url = part && part.dataset.pointsUrl;
    if (!url || url === asked) return;
    asked = url;
    if (asking) keptView = url;
    asking = false;
    getJson(url).then((data) => { if (url === asked) show(data, url); });
  }

  document.addEventListener("annuaire:results", refresh);
  refresh();
})();
