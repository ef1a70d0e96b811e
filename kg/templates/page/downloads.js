// What is shown, to take along: as a picture or as data; and on paper.
const save = (name, type, content) => {
  const address = type === "image/png" ? content : `data:${type};charset=utf-8,${encodeURIComponent(content)}`;
  const anchor = make("a", { href: address, download: name, hidden: true });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  say(`Saved ${name}`);
};
const stem = () => fold(document.title).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "graph";

const pictured = () => {
  const ids = shownNodes();
  const areas = [...lanes().map((lane) => lane.slice(1)), ...ids.map(boxOf), ...shownEdges().map((id) => curve(id).area)];
  return { ids, area: around(areas.flatMap(([left, top, right, bottom]) => [[left - 16, top - 16], [right + 16, bottom + 16]])) };
};
const svgPicture = () => {
  const { ids, area: [left, top, right, bottom] } = pictured();
  const probeText = document.createElement("canvas").getContext("2d");
  const path = (points) => `M${points[0]}${points.length === 2 ? "L" : points.length === 3 ? "Q" : "C"}${points.slice(1).join(" ")}`;
  const ground = graph.surfaces[theme()];
  const texted = (x, y, size, fill, text, attributes = {}) => drawn("text", { x, y, "font-size": size, fill, "text-anchor": "middle", "dominant-baseline": "central", ...attributes }, text);
  const svg = drawn("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: [left, top, right - left, bottom - top].join(" "), width: right - left, height: bottom - top, "font-family": "Arial, Helvetica, sans-serif", role: "img" },
    drawn("title", {}, document.title),
    drawn("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: ground }),
    ...lanes().flatMap(([name, x1, y1, x2, y2]) => [
      drawn("rect", { x: x1, y: y1, width: x2 - x1, height: y2 - y1, rx: 12, fill: css("--surface"), stroke: css("--line") }),
      texted(x1 + 10, y1 + (upright ? 15 : 19), 16, css("--soft"), name, { "text-anchor": "start", "font-weight": 600 })]),
    ...shownEdges().map((id) => {
      const { points, tip, angle } = curve(id);
      const colour = sign(id)[theme()];
      const shape = head(sign(id).arrow, tip, angle, 11);
      const dashes = edge.certainty[id] ? graph.certainties[edge.certainty[id]].dashes.join(" ") : "";
      const opacity = OPACITY[strengthOf(id)];
      return drawn("g", { stroke: colour, fill: "none", opacity }, drawn("title", {}, sentence(id)),
        drawn("path", { d: path(points), "stroke-width": WIDTH[strengthOf(id)], "stroke-dasharray": dashes }),
        ...(graph.directed ? [drawn("path", { d: `M${shape.join("L")}`, "stroke-width": 1.8, ...(sign(id).arrow === "arrow" && { fill: colour }) })] : []));
    }),
    ...ids.map((id) => {
      const colours = look(id)[theme()];
      const lit = !bright || bright.nodes.has(id);
      return drawn("g", { transform: `translate(${X[id]} ${Y[id]})`, opacity: lit ? 1 : 0.25 },
        drawn("path", { d: outline(look(id).shape, node.w[id], node.h[id]), fill: colours.fill, stroke: colours.border, "stroke-width": 1.7 }),
        ...node.lines[id].map((line, at) => texted(0, (at - (node.lines[id].length - 1) / 2) * 17, 14, colours.text, line)));
    }),
    ...placeWords(probeText, 1, [left, top, right, bottom]).map(({ id, text, size, x, y }) =>
      texted(x, y, size, sign(id)[theme()], text, { stroke: ground, "stroke-width": 4, "paint-order": "stroke" })));
  return svg;
};
const svgText = () => new XMLSerializer().serializeToString(svgPicture());
const pngAddress = () => {
  const { ids, area: [left, top, right, bottom] } = pictured();
  const scale = Math.min(2, 8000 / (right - left), 8000 / (bottom - top));
  const canvas = make("canvas", { width: Math.ceil((right - left) * scale), height: Math.ceil((bottom - top) * scale) });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = graph.surfaces[theme()];
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.scale(scale, scale);
  ctx.translate(-left, -top);
  drawLanes(ctx, 1);
  drawEdges(ctx, shownEdges(), { scale });
  for (const id of ids) {
    ctx.save();
    ctx.translate(X[id], Y[id]);
    drawBox(ctx, id);
    ctx.restore();
  }
  drawWords(ctx, 1, [left, top, right, bottom]);
  return canvas.toDataURL("image/png");
};

// RFC 4180; a cell that a spreadsheet would take for a formula is told apart by an apostrophe.
const cell = (value) => {
  const text = /^[=+\-@\t\r]/.test(String(value)) && typeof value === "string" ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};
const csvText = async () => {
  const rows = [["subject", "subject_label", "predicate", "object", "object_label", "sign", "certainty", "standing", "claim", "claim_label", "sources"]];
  for (const id of shownEdges()) {
    const about = await toldEdge(id);
    rows.push([node.key[edge.from[id]], node.label[edge.from[id]], valueOf.predicate(id), node.key[edge.to[id]], node.label[edge.to[id]], edge.sign[id],
      edge.certainty[id], edge.standing[id], edge.key[id], about.claim || "", [...new Set((about.evidence || []).map((item) => item.source))].join(" ")]);
  }
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
};

// Turtle in which each statement is a claim, as in our graph, and the direct triple too where some source asserts it.
const quoted = (text) => `"${text.replace(/[\\"\n\r\t\x00-\x1f\x7f]/g, (letter) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" }[letter] || `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`))}"`;
// RFC 3987, as far as it matters here: no blank, no delimiter, one fragment, whole escapes.
const isIri = (text) => /^[a-z][a-z0-9+.-]*:(?:[^\x00-\x20\x7f-\x9f<>"{}|^`\\#%\p{C}\[\]]|%[0-9a-f]{2})+(?:#(?:[^\x00-\x20\x7f-\x9f<>"{}|^`\\#%\p{C}\[\]]|%[0-9a-f]{2})*)?$/iu.test(text);
const turtleTerm = (name) => {
  const [prefix, local] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
  if (Object.hasOwn(graph.prefixes, prefix) && /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i.test(local)) return name;
  return isIri(expand(name)) ? `<${expand(name)}>` : null;
};
const turtleText = async () => {
  const used = new Set(["rdf", "rdfs", "skos", "kg"]);
  const put = (name, otherwise) => {
    const text = turtleTerm(name) ?? otherwise;
    const prefix = text.slice(0, text.indexOf(":"));
    if (Object.hasOwn(graph.prefixes, prefix)) used.add(prefix);
    return text;
  };
  const lines = [];
  const describe = (subject, pairs) => {
    const told = pairs.filter(([, value]) => value);
    if (told.length) lines.push(`${subject}\n${told.map(([predicate, value]) => `    ${predicate} ${value}`).join(" ;\n")} .`);
  };
  const subjects = new Map();
  for (const id of shownNodes()) {
    const about = await toldNode(id);
    // The whole IRI, where the key alone does not tell it.
    const subject = put(about.iri || node.key[id], `_:n${id}`);
    subjects.set(id, subject);
    describe(subject, [["a", (about.classes || []).filter((name) => graph.ownClasses.includes(name)).map((name) => `kg:${name}`).join(", ")], ["skos:prefLabel", `${quoted(node.label[id])}@en`],
      ["skos:altLabel", (node.synonyms[id] || []).map((name) => `${quoted(name)}@en`).join(", ")], ["skos:definition", about.definition && `${quoted(about.definition)}@en`]]);
  }
  const written = new Set();
  for (const id of shownEdges()) {
    const about = await toldEdge(id);
    const [subject, object] = [subjects.get(edge.from[id]), subjects.get(edge.to[id])];
    const predicate = put(valueOf.predicate(id) || "skos:related", "skos:related");
    if (!denied.has(id)) lines.push(`${subject} ${predicate} ${object} .`);
    if (!edge.certainty[id] && !about.evidence) continue;
    const evidence = (about.evidence || []).map((item) => [item, put(item.id, `_:e${written.size}`)]);
    describe(put(edge.key[id], `_:c${id}`), [["a", "kg:Claim"], ["rdf:subject", subject], ["rdf:predicate", predicate], ["rdf:object", object],
      ["rdfs:label", about.claim && `${quoted(about.claim)}@en`], ["rdfs:comment", about.comment && `${quoted(about.comment)}@en`],
      ["kg:certainty", edge.certainty[id] && `kg:${edge.certainty[id]}`], ["kg:standing", edge.standing[id] && `kg:${edge.standing[id]}`],
      ["kg:evidence", evidence.map(([, name]) => name).join(", ")]]);
    for (const [item, name] of evidence) {
      if (written.has(name)) continue;
      written.add(name);
      used.add("dcterms");
      const [measure, value, low, high] = item.effect || [];
      describe(name, [["a", `kg:Evidence, ${item.finding ? "kg:Finding" : "kg:Sentence"}`], ["dcterms:source", put(item.source, quoted(item.source))],
        ["kg:verdict", item.verdict && `kg:${item.verdict}`], ["kg:section", item.section && quoted(item.section)], ["kg:sentence", item.sentence && String(item.sentence)], ["kg:locator", item.locator && quoted(item.locator)],
        ["kg:design", item.design && quoted(item.design)], ["kg:finding", item.finding && `${quoted(item.finding)}@en`], ["kg:effectMeasure", measure && quoted(measure)],
        ["kg:effectValue", value && decimal(value)], ["kg:ciLow", low && decimal(low)], ["kg:ciHigh", high && decimal(high)],
        ["kg:certaintyGrade", item.grade && quoted(item.grade)], ["kg:indirectness", item.indirectness && `${quoted(item.indirectness)}@en`]]);
    }
  }
  return `${[...used].sort().map((prefix) => `@prefix ${prefix}: <${graph.prefixes[prefix]}> .`).join("\n")}\n\n${lines.join("\n\n")}\n`;
};
const decimal = (text) => (/^[+-]?\d*\.\d+$/.test(text) ? text : `"${text.replace(/[^\d.+-]/g, "")}"^^<${graph.prefixes.xsd}decimal>`);

const DOWNLOADS = {
  png: () => save(`${stem()}.png`, "image/png", pngAddress()),
  svg: () => save(`${stem()}.svg`, "image/svg+xml", svgText()),
  csv: async () => save(`${stem()}.csv`, "text/csv", await csvText()),
  turtle: async () => save(`${stem()}.ttl`, "text/turtle", await turtleText()),
};
const startDownloads = () => {
  for (const one of document.querySelectorAll("[data-download]")) {
    one.addEventListener("click", async () => {
      await DOWNLOADS[one.dataset.download]();
      $("download-menu").open = false;
      $("download-menu").querySelector("summary").focus();
    });
  }
  // A canvas prints as it is on the screen; on paper the whole picture is wanted, and sharp.
  addEventListener("beforeprint", () => $("paper").replaceChildren(svgPicture()));
  addEventListener("afterprint", () => $("paper").replaceChildren());
};
