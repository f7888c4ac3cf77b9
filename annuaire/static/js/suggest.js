// Proposals while one types, in the field's own list: the browser shows it, and its keys are the
// usual ones. Without this script the field is a plain one.
(function () {
  "use strict";
  const PAUSE = 150; // milliseconds without a key
  const SHORTEST = 2; // letters

  let waiting = null;
  let asked = null;

  function show(input, suggestions) {
    input.list.replaceChildren(...suggestions.map(function (found) {
      const option = document.createElement("option");
      option.value = found.text;
      option.label = found.text + " (" + found.kind + ")";
      return option;
    }));
  }

  function ask(input) {
    if (asked) asked.abort();
    const typed = input.value.trim();
    if (typed.length < SHORTEST) return show(input, []);
    asked = new AbortController();
    const url = input.dataset.suggest + "?" + new URLSearchParams({ q: typed });
    fetch(url, { headers: { Accept: "application/json" }, signal: asked.signal })
      .then((response) => (response.ok ? response.json() : { suggestions: [] }))
      // The field may have been replaced by its like, with the results around it.
      .then((answer) => show(document.getElementById(input.id) || input, answer.suggestions))
      .catch(() => {}); // overtaken by another key, or the network is away: nothing to propose
  }

  // On the document: fields among the filters come and go with the results.
  document.addEventListener("input", function (event) {
    if (!event.target.matches("input[data-suggest]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE, event.target);
  });

  // New results bring a new list, which is empty: the field that has the focus asks again.
  document.addEventListener("annuaire:results", function () {
    const active = document.activeElement;
    if (active.matches("input[data-suggest]") && active.value) ask(active);
  });
})();
