// Live filters: htmx replaces the results; this keeps the address short and the reader's place.
(function () {
  "use strict";
  const wide = window.matchMedia("(min-width: 992px)");
  const always = window.CSS && CSS.supports("selector(::details-content)");
  // A zone of the map as the box says it (annuaire/geo/typed_point.py).
  const MAP_AREA = /^zone de la carte \((-?[\d.]+) ; (-?[\d.]+)\)$/;
  let open = [];
  let focused = "";
  let typed = null; // what stands in the field that has the focus: a newer word than the answer's

  // Browsers without ::details-content cannot show a closed <details> by style alone.
  function showFilters() {
    const filters = document.getElementById("filtres");
    if (filters && wide.matches && !always) filters.open = true;
  }

  // A box keeps the focus wherever the new counts put it; what is gone leaves it to the count.
  function keepFocus() {
    if (!focused || document.activeElement.id === focused) return;
    const same = document.getElementById(focused);
    for (let fold = same && same.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    (same || document.getElementById("nombre")).focus({ preventScroll: !!same });
  }

  // What was typed since the question was asked stays in its field (htmx gave it the focus back).
  function keepTyped() {
    const same = typed !== null && document.getElementById(focused);
    if (!same || same.value === typed) return;
    const kept = typed;
    same.value = kept;
    same.setSelectionRange(kept.length, kept.length);
    // A value that a script wrote is no change for the browser: leaving the field makes it one.
    same.addEventListener("blur", function () {
      if (same.value === kept) same.dispatchEvent(new Event("change", { bubbles: true }));
    }, { once: true });
  }

  // One search, one address: empty answers are left out, and the page starts again at 1.
  document.addEventListener("htmx:configRequest", function (event) {
    const parameters = event.detail.parameters;
    for (const key of Object.keys(parameters)) {
      if (parameters[key] === "") delete parameters[key];
    }
    const point = MAP_AREA.exec(parameters.lieu || "");
    if (point) parameters.lieu = "point:" + point[1] + "," + point[2];
  });

  document.addEventListener("htmx:beforeSwap", function (event) {
    const active = document.activeElement;
    focused = active ? active.id : "";
    typed = active && active.matches("input[type=text]") ? active.value : null;
    open = Array.from(document.querySelectorAll("#resultats details[open]"), (d) => d.id);
    // A message for the user comes as a whole page: show it as such.
    if (event.detail.xhr.status >= 400) window.location.assign(event.detail.pathInfo.finalRequestPath);
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "resultats") return; // a button of the selection: says it itself
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    showFilters();
    keepFocus();
    keepTyped();
    // Said aloud to screen readers: the place for it stays, the results around it are replaced.
    document.getElementById("annonce").textContent = document.getElementById("nombre").textContent;
    document.dispatchEvent(new CustomEvent("annuaire:results"));
  });

  // The network failed: ask for the page the plain way, the browser then says what is wrong.
  document.addEventListener("htmx:sendError", function (event) {
    const path = event.detail.pathInfo && event.detail.pathInfo.finalRequestPath;
    if (path) window.location.assign(path);
  });

  showFilters();
})();
