// The start page of kg serve. It talks to the server that it came from and to nobody else.
"use strict";
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const $ = (id) => document.getElementById(id);
  const editor = $("editor");
  const MOST_ROWS = 1000;
  // A spreadsheet would take some cells of plain CSV for formulas.
  const ROWS = { Spreadsheet: ["csv", "text/csv", "xlsx-csv"], CSV: ["csv", "text/csv"], TSV: ["tsv", "text/tab-separated-values"], JSON: ["srj", "application/sparql-results+json"], XML: ["srx", "application/sparql-results+xml"] };
  const GRAPH = { Turtle: ["ttl", "text/turtle"], "N-Triples": ["nt", "application/n-triples"], "RDF/XML": ["rdf", "application/rdf+xml"], "JSON-LD": ["jsonld", "application/ld+json"] };
  const NUMBERS = /XMLSchema#(integer|decimal|double|float|int|long|nonNegativeInteger|gYear)$/;
  const namespaces = Object.entries(told.prefixes).sort((one, other) => other[1].length - one[1].length);
  let asked = null; // the query that the answer on the page belongs to, and whether that is rows, a graph or a yes or no
  let running = null;
  let drawn = null;

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function compact(iri) {
    for (const [prefix, namespace] of namespaces) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && local && !local.includes("/")) return `${prefix}:${local}`;
    }
    return iri;
  }

  // Examples -------------------------------------------------------------------------------------------------------------
  for (const example of told.examples) {
    const button = element("button", example.question, { type: "button" });
    button.dataset.name = example.name;
    button.append(element("small", example.name));
    button.addEventListener("click", () => { choose(example); run(); });
    const item = element("li");
    item.append(button);
    $("list").append(item);
  }

  function choose(example) {
    editor.value = example.query;
    for (const button of $("list").querySelectorAll("button")) {
      button.setAttribute("aria-current", String(button.dataset.name === example.name));
    }
    history.replaceState(null, "", `#${example.name}`);
    if (matchMedia("(max-width: 800px)").matches) $("examples-fold").open = false;
  }

  $("filter").addEventListener("input", () => {
    const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of $("list").children) {
      item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
      shown += !item.hidden;
    }
    $("no-example").hidden = shown > 0;
  });

  // Asking ---------------------------------------------------------------------------------------------------------------
  async function fetched(query, accept, signal, format = "") {
    const response = await fetch(format ? `/sparql?format=${format}` : "/sparql", {
      method: "POST", body: query, signal, headers: { "Content-Type": "application/sparql-query", Accept: accept },
    });
    if (response.ok) return response;
    let reason = response.statusText;
    try { const told = await response.json(); reason = told.error; response.line = told.line; response.column = told.column; } catch { /* no JSON */ }
    throw Object.assign(new Error(reason), { line: response.line, column: response.column });
  }

  async function run() {
    if (running) running.abort();
    const mine = running = new AbortController();
    const query = editor.value;
    const before = performance.now();
    $("trouble").hidden = true;
    $("status").textContent = "Asking …";
    $("stop").hidden = false;
    try {
      const response = await fetched(query, "application/sparql-results+json, text/turtle;q=0.9", mine.signal);
      const isGraph = response.headers.get("Content-Type").startsWith("text/turtle");
      const answer = isGraph ? await response.text() : await response.json();
      if (mine !== running) return;
      asked = { query, kind: isGraph ? "graph" : "boolean" in answer ? "boolean" : "rows", at: before };
      drawn = null;
      show(answer, Math.round(performance.now() - before));
    } catch (error) {
      if (mine !== running) return;
      $("answer").hidden = true;
      $("status").textContent = "";
      if (error.name === "AbortError") { $("status").textContent = "Stopped."; return; }
      $("trouble").textContent = error.message;
      $("trouble").hidden = false;
      if (error.line) point(query, error.line, error.column || 1);
    } finally {
      if (mine === running) { running = null; $("stop").hidden = true; }
    }
  }

  function point(query, line, column) {
    const start = query.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    editor.focus();
    editor.setSelectionRange(start, Math.min(start + 1, query.length));
  }

  $("ask").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  $("stop").addEventListener("click", () => running && running.abort());
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
  });

  // Showing --------------------------------------------------------------------------------------------------------------
  function show(answer, taken) {
    const rows = $("rows");
    rows.replaceChildren();
    let words;
    if (asked.kind === "boolean") {
      rows.append(element("p", answer.boolean ? "yes" : "no", { class: "yes" }));
      words = answer.boolean ? "The answer is yes" : "The answer is no";
    } else if (asked.kind === "graph") {
      rows.append(answer.trim() ? element("pre", answer) : element("p", "No statement."));
      words = "The answer is a graph";
    } else {
      const all = answer.results.bindings;
      if (all.length) rows.append(table(answer.head.vars, all.slice(0, MOST_ROWS)));
      else rows.append(element("p", "No row. Every pattern of the query must match; leave one out to see which one does not."));
      words = all.length === 1 ? "1 row" : `${all.length.toLocaleString("en")} rows`;
      if (all.length > MOST_ROWS) words += `, the first ${MOST_ROWS.toLocaleString("en")} shown; a download has all`;
    }
    $("status").textContent = `${words} (${taken} ms).`;
    $("answer").hidden = false;
    downloads();
    code();
    select(document.querySelector("[role=tab][aria-selected=true]"));
  }

  function table(names, bindings) {
    const made = element("table");
    const head = made.createTHead().insertRow();
    for (const name of names) head.append(element("th", name, { scope: "col" }));
    const body = made.createTBody();
    for (const binding of bindings) {
      const row = body.insertRow();
      for (const name of names) cell(row.insertCell(), binding[name]);
    }
    return made;
  }

  function cell(into, term) {
    if (!term) return;
    if (term.type === "uri") {
      const short = compact(term.value);
      // Only what a browser opens as a page; a javascript: address from a graph is text.
      if (/^https?:\/\//.test(term.value)) into.append(element("a", short, { href: term.value, rel: "noreferrer noopener", target: "_blank" }));
      else into.textContent = short;
      return;
    }
    if (term.type === "literal" && NUMBERS.test(term.datatype || "")) into.className = "number";
    into.textContent = term.type === "bnode" ? `_:${term.value}` : term.type === "literal" ? term.value : JSON.stringify(term.value);
    if (term["xml:lang"]) into.lang = term["xml:lang"];
  }

  function downloads() {
    const group = $("downloads");
    group.replaceChildren(element("span", "Download as"));
    const formats = asked.kind === "graph" ? GRAPH : ROWS;
    for (const [name, [ending, media, format]] of Object.entries(formats)) {
      if (format && asked.kind !== "rows") continue;
      const button = element("button", name, { type: "button" });
      button.addEventListener("click", () => download(`answer.${ending}`, media, format));
      group.append(button);
    }
  }

  async function download(name, media, format) {
    try {
      const blob = await (await fetched(asked.query, media, undefined, format)).blob();
      const link = element("a", "", { href: URL.createObjectURL(blob), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch (error) {
      $("trouble").textContent = error.message;
      $("trouble").hidden = false;
    }
  }

  // Code -----------------------------------------------------------------------------------------------------------------
  function code() {
    const endpoint = `${location.origin}/sparql`;
    const query = asked.query.trim();
    const [format, media] = asked.kind === "graph" ? ["turtle", "text/turtle"] : asked.kind === "boolean" ? ["json", "application/sparql-results+json"] : ["csv", "text/csv"];
    const plain = !query.includes('"""') && !query.includes("\\") && !query.endsWith('"');
    const inPython = plain ? `"""${query}"""` : JSON.stringify(query);
    const address = `url = "${endpoint}?" + urllib.parse.urlencode({"query": query, "format": "${format}"})`;
    const python = {
      rows: `import urllib.parse\n\nimport pandas as pd\n\nquery = ${inPython}\n${address}\ntable = pd.read_csv(url)\nprint(table)`,
      boolean: `import json\nimport urllib.parse\nimport urllib.request\n\nquery = ${inPython}\n${address}\nprint(json.load(urllib.request.urlopen(url))["boolean"])`,
      graph: `import urllib.parse\n\nimport rdflib\n\nquery = ${inPython}\n${address}\ngraph = rdflib.Graph().parse(url, format="turtle")\nprint(len(graph))`,
    }[asked.kind];
    let fence = "-";
    while (query.includes(`)${fence}"`)) fence += "-";
    const inR = `query <- r"${fence}(${query})${fence}"\nurl <- paste0("${endpoint}?format=${format}&query=", URLencode(query, reserved = TRUE))\n`;
    const r = inR + (asked.kind === "rows" ? "answer <- read.csv(url)\nprint(answer)" : "cat(readLines(url), sep = \"\\n\")");
    let end = "SPARQL";
    while (query.split("\n").includes(end)) end += "_";
    const curl = `curl -s --data-urlencode query@- -H 'Accept: ${media}' ${endpoint} <<'${end}'\n${query}\n${end}`;
    $("panel-code").replaceChildren(...[["Python", python], ["R", r], ["curl", curl]].flatMap(([name, text]) => {
      const heading = element("h2", name);
      const copy = element("button", "Copy", { type: "button", "aria-label": `Copy the ${name} code` });
      copy.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(text); $("status").textContent = `The ${name} code is copied.`; }
        catch { $("status").textContent = "This browser does not let a page copy; select the code instead."; }
      });
      heading.append(copy);
      return [heading, element("pre", text, { tabindex: "0", role: "region", "aria-label": `${name} code` })];
    }));
  }

  // Tabs -----------------------------------------------------------------------------------------------------------------
  const tabs = [...document.querySelectorAll("[role=tab]")];

  function select(tab) {
    for (const other of tabs) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      $(other.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (tab.id === "tab-picture" && asked && drawn !== asked) {
      drawn = asked;
      $("draw").elements.query.value = asked.query;
      $("draw").submit();
    }
  }

  for (const [place, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  }

  const named = told.examples.find((example) => `#${example.name}` === location.hash);
  const first = named || told.examples.find((example) => example.name === "strategies-for") || told.examples[0];
  if (matchMedia("(max-width: 800px)").matches) $("examples-fold").open = false;
  if (first) { choose(first); run(); }
  else editor.value = "SELECT * WHERE { ?s ?p ?o } LIMIT 20\n";
  document.documentElement.dataset.ready = "";
})();
