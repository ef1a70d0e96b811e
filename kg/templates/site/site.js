"use strict";
(() => {
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/['\u2019]/g, "").replace(/[-_/\s]+/g, " ").trim();
  const begins = (word, name) => name.startsWith(word) || name.includes(" " + word);

  // Search on the start page: the same order as `kg find`.
  const box = document.getElementById("search-box");
  if (box) {
    const known = JSON.parse(document.getElementById("terms").textContent).map(([label, synonyms, href, kind]) => ({
      label, href, kind, names: [label, ...synonyms].map((name) => [fold(name), name]),
    }));
    const field = document.getElementById("search");
    const list = document.getElementById("found");
    const count = document.getElementById("search-count");
    const most = 12;
    const search = (text) => {
      const words = text.split(" ");
      const found = [];
      for (const term of known) {
        let best = null;
        for (const [folded, name] of term.names) {
          if (!words.every((word) => begins(word, folded))) continue;
          const rank = folded === text ? 0 : (folded + " ").startsWith(text + " ") ? 1 : folded.startsWith(text) ? 2 : 3;
          const score = [rank, name === term.label ? 0 : 1, folded.length];
          if (!best || before(score, best.score)) best = { score, name, term };
        }
        if (best) found.push(best);
      }
      return found.sort((one, other) => (before(one.score, other.score) ? -1 : before(other.score, one.score) ? 1 : 0));
    };
    const before = (one, other) => {
      for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return one[at] < other[at];
      return false;
    };
    const pairs = (text) => new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2)));
    const nearest = (text) => {
      const wanted = pairs(text);
      const scored = known.flatMap((term) => term.names.map(([folded, name]) => {
        const own = pairs(folded);
        const shared = [...own].filter((pair) => wanted.has(pair)).length;
        return { score: (2 * shared) / (own.size + wanted.size || 1), name, term };
      })).filter((near) => near.score > 0.45).sort((one, other) => other.score - one.score);
      const seen = new Set();
      return scored.filter((near) => !seen.has(near.term) && seen.add(near.term)).slice(0, 3);
    };
    const show = () => {
      const text = fold(field.value);
      let found = text ? search(text) : [];
      let told = "";
      if (text && !found.length) {
        found = text.length > 2 ? nearest(text) : [];
        told = found.length ? "Nothing is called that. Did you mean:" : "Nothing is called that.";
      } else if (text) {
        told = found.length === 1 ? "1 term" : found.length > most ? `${found.length} terms, the first ${most} shown` : `${found.length} terms`;
      }
      count.textContent = told;
      list.replaceChildren(...found.slice(0, most).map(({ term, name }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = term.href;
        link.textContent = term.label;
        const more = document.createElement("span");
        more.className = "soft";
        more.textContent = name === term.label ? term.kind : `${term.kind}, also called ${name}`;
        item.append(link, " ", more);
        return item;
      }));
    };
    const step = (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && links[at + 1]) links[at + 1].focus();
      else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] || field).focus();
      else if (event.key === "Enter" && document.activeElement === field && links[0]) links[0].click();
      else if (event.key === "Escape" && field.value) { field.value = ""; show(); field.focus(); }
      else return;
      event.preventDefault();
    };
    field.addEventListener("input", show);
    box.addEventListener("keydown", step);
    box.hidden = false;
    show();
  }

  // Filters of the pages that list.
  const filter = document.getElementById("filter");
  if (filter) {
    const groups = [...document.querySelectorAll(".filtered")].map((group) => {
      const items = [...group.querySelectorAll(":scope > li, :scope > .entries > li")];
      return [group, items.map((item) => [item, fold(item.textContent)])];
    });
    const count = document.getElementById("filter-count");
    const apply = () => {
      const words = fold(filter.value).split(" ");
      let shown = 0;
      for (const [group, items] of groups) {
        let here = 0;
        for (const [item, text] of items) {
          item.hidden = !words.every((word) => text.includes(word));
          here += !item.hidden;
        }
        group.hidden = !here;
        shown += here;
      }
      count.textContent = filter.value ? `${shown} ${filter.dataset.filter} shown` : "";
    };
    filter.addEventListener("input", apply);
    filter.closest(".finder").hidden = false;
    apply();
  }
})();
