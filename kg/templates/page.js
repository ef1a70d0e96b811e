// The page: draws the graph that stands in #graph, and tells of a node or edge what it means and rests on.
// Every text of the graph is set as text, never as HTML. Sections: helpers, state, drawing, camera, details, legend, table, events.
"use strict";
(() => {
  const graph = JSON.parse(document.getElementById("graph").textContent);
  const { nodes, edges } = graph;
  edges.forEach((edge, id) => { edge.id = id; });
  const $ = (id) => document.getElementById(id);
  const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font");
  const MANY_EDGES = 80;
  const dense = edges.length > MANY_EDGES;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ---- helpers -------------------------------------------------------------------------------------------------
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") element.className = value;
      else if (name === "click") element.addEventListener("click", value);
      else element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== "" && child != null));
    return element;
  };
  const drawn = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const link = (text, iri) =>
    /^(https?:|mailto:)/i.test(iri || "")
      ? make("a", { href: iri, target: "_blank", rel: "noopener noreferrer" }, text)
      : document.createTextNode(text);
  const theme = () => (dark.matches ? "dark" : "light");
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const faded = (hex, share) => hex + Math.round(share * 255).toString(16).padStart(2, "0");
  const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

  // One outline for canvas and legend, around (0, 0).
  const outline = (shape, width, height) => {
    const [x, y] = [width / 2, height / 2];
    const cut = Math.min(11, y * 0.6);
    const polygon = (...points) => `M${points.map((point) => point.join(" ")).join("L")}Z`;
    const rounded = (r) =>
      `M${-x + r} ${-y}H${x - r}A${r} ${r} 0 0 1 ${x} ${-y + r}V${y - r}A${r} ${r} 0 0 1 ${x - r} ${y}` +
      `H${-x + r}A${r} ${r} 0 0 1 ${-x} ${y - r}V${-y + r}A${r} ${r} 0 0 1 ${-x + r} ${-y}Z`;
    const r = Math.min(7, y * 0.5);
    switch (shape) {
      case "tag": return polygon([-x, -y], [x - cut, -y], [x, 0], [x - cut, y], [-x, y]);
      case "chevron": return polygon([-x, -y], [x - cut, -y], [x, 0], [x - cut, y], [-x, y], [-x + cut, 0]);
      case "hexagon": return polygon([-x, 0], [-x + cut, -y], [x - cut, -y], [x, 0], [x - cut, y], [-x + cut, y]);
      case "octagon": {
        const c = Math.min(8, y * 0.55);
        return polygon([-x + c, -y], [x - c, -y], [x, -y + c], [x, y - c], [x - c, y], [-x + c, y], [-x, y - c], [-x, -y + c]);
      }
      case "pill": return rounded(Math.min(y, 22));
      case "ticket":
        return `M${-x + r} ${-y}H${x - r}A${r} ${r} 0 0 0 ${x} ${-y + r}V${y - r}A${r} ${r} 0 0 0 ${x - r} ${y}` +
          `H${-x + r}A${r} ${r} 0 0 0 ${-x} ${y - r}V${-y + r}A${r} ${r} 0 0 0 ${-x + r} ${-y}Z`;
      case "trapezoid": return polygon([-x + cut, -y], [x - cut, -y], [x, y], [-x, y]);
      case "slant": return polygon([-x + cut, -y], [x, -y], [x - cut, y], [-x, y]);
      case "flag": return polygon([-x, -y], [x, -y], [x - cut, 0], [x, y], [-x, y]);
      case "round": return rounded(Math.min(9, y));
      default: return rounded(2);
    }
  };

  // ---- state ---------------------------------------------------------------------------------------------------
  const state = { node: null, edge: null, over: null, overEdge: null, down: false, opener: null };
  const hidden = { look: new Set(), sign: new Set(), certainty: new Set() };
  const links = nodes.map(() => []);
  edges.forEach((edge) => {
    links[edge.from].push(edge.id);
    if (edge.to !== edge.from) links[edge.to].push(edge.id);
  });
  const outlines = nodes.map((node) => new Path2D(outline(graph.looks[node.look].shape, node.w, node.h)));
  const nodeShown = (id) => !hidden.look.has(nodes[id].look);
  const edgeShown = (edge) =>
    nodeShown(edge.from) && nodeShown(edge.to) && !hidden.sign.has(String(edge.sign)) && !hidden.certainty.has(edge.certainty);
  const focus = new Set(graph.focus);

  // What stands out: null when nothing does, else the nodes and edges that stay bright.
  let bright = null;
  const brighten = () => {
    bright = null;
    if (state.node !== null) {
      const near = links[state.node].filter((id) => edgeShown(edges[id]));
      bright = { nodes: new Set([state.node, ...near.flatMap((id) => [edges[id].from, edges[id].to])]), edges: new Set(near) };
    } else if (state.edge !== null) {
      const { from, to } = edges[state.edge];
      bright = { nodes: new Set([from, to]), edges: new Set([state.edge]) };
    } else if (focus.size && focus.size < nodes.length) {
      const within = edges.filter((edge) => focus.has(edge.from) && focus.has(edge.to));
      bright = { nodes: focus, edges: new Set(within.map((edge) => edge.id)) };
    }
  };

  // ---- drawing -------------------------------------------------------------------------------------------------
  const drawNode = ({ ctx, id, x, y }) => {
    const node = nodes[id];
    const colours = graph.looks[node.look][theme()];
    return {
      drawNode() {
        ctx.translate(x, y);
        const shown = !bright || bright.nodes.has(id);
        // Ground first: an edge that passes beneath must not shine through a faded box.
        ctx.fillStyle = css_ground;
        ctx.fill(outlines[id]);
        ctx.globalAlpha = shown ? 1 : 0.16;
        ctx.fillStyle = colours.fill;
        ctx.fill(outlines[id]);
        const chosen = state.node === id;
        if (chosen || state.over === id) {
          ctx.strokeStyle = faded(colours.border, 0.35);
          ctx.lineWidth = chosen ? 11 : 7;
          ctx.stroke(outlines[id]);
        }
        ctx.strokeStyle = colours.border;
        ctx.lineWidth = chosen ? 3 : 1.7;
        ctx.stroke(outlines[id]);
        ctx.fillStyle = colours.text;
        ctx.font = `14px ${FONT}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        node.lines.forEach((line, at) => {
          ctx.fillText(line, 0, (at - (node.lines.length - 1) / 2) * 17 + 0.5, node.w - 14);
        });
      },
      nodeDimensions: { width: node.w, height: node.h },
    };
  };

  const smooth = ([bend, roundness]) =>
    bend === 0 ? { enabled: true, type: "cubicBezier", forceDirection: "horizontal", roundness }
      : bend === 1 ? { enabled: true, type: "cubicBezier", forceDirection: "vertical", roundness }
        : { enabled: true, type: bend === 2 ? "curvedCW" : "curvedCCW", roundness };
  const edgeLook = (edge) => {
    const sign = graph.signs[edge.sign];
    const shown = bright ? bright.edges.has(edge.id) : true;
    const over = state.overEdge === edge.id || state.edge === edge.id;
    const strength = over ? 1 : !shown ? 0.07 : bright ? 0.95 : dense ? 0.42 : 0.9;
    return {
      id: edge.id,
      hidden: !edgeShown(edge),
      color: { color: faded(sign[theme()], strength), inherit: false },
      width: state.edge === edge.id ? 4 : over ? 3 : bright && shown ? 2.4 : dense ? 1.4 : 1.9,
      dashes: edge.certainty && graph.certainties[edge.certainty].dashes.length ? graph.certainties[edge.certainty].dashes : false,
      arrows: { to: { enabled: graph.directed, type: sign.arrow, scaleFactor: edge.sign === -1 ? 0.75 : dense ? 0.55 : 0.7 } },
      // Only a full head hides the line's end; the others need the line to reach the box.
      arrowStrikethrough: sign.arrow !== "arrow",
      smooth: smooth(state.down ? edge.downBend : edge.bend),
      ...(edge.from === edge.to && { selfReference: { size: 60 * edge.bend[1] + 10, angle: Math.PI / 4, renderBehindTheNode: true } }),
    };
  };
  const place = (node) => (state.down ? node.down : [node.x, node.y]);

  let css_ground = graph.surfaces[theme()];
  const shownNodes = new vis.DataSet(nodes.map((node) => ({ id: node.id, x: node.x, y: node.y, shape: "custom" })));
  const shownEdges = new vis.DataSet(edges.map((edge) => ({ from: edge.from, to: edge.to, ...edgeLook(edge) })));
  const network = new vis.Network($("canvas"), { nodes: shownNodes, edges: shownEdges }, {
    autoResize: true,
    physics: false,
    layout: { improvedLayout: false },
    nodes: { shape: "custom", ctxRenderer: drawNode, chosen: false },
    edges: { chosen: false, hoverWidth: 0, selectionWidth: 0, },
    interaction: {
      hover: true, hoverConnectedEdges: false, selectConnectedEdges: false, multiselect: false, zoomSpeed: 0.7,
      keyboard: { enabled: true, bindToWindow: false, speed: { x: 12, y: 12, zoom: 0.03 } },
    },
  });
  const restyle = () => {
    brighten();
    shownEdges.update(edges.map(edgeLook));
    network.redraw();
  };

  network.on("beforeDrawing", (ctx) => {
    const scale = network.getScale();
    const [ink, line] = [css("--soft"), css("--line")];
    for (const [name, left, top, right, bottom] of state.down ? graph.downLanes : graph.lanes) {
      ctx.fillStyle = css("--surface");
      ctx.strokeStyle = line;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.roundRect(left, top, right - left, bottom - top, 12);
      ctx.fill();
      ctx.stroke();
      ctx.fillStyle = ink;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      let size = Math.min(Math.max(13.5, 12 / scale), 23);
      ctx.font = `600 ${size}px ${FONT}`;
      size *= Math.min(1, (right - left - 18) / ctx.measureText(name).width);
      ctx.font = `600 ${size}px ${FONT}`;
      ctx.fillText(name, left + 10, top + (state.down ? 15 : 21));
    }
  });

  // Words on edges: where they touch neither a box nor each other, as far as that can be had.
  const wordy = (edge) => {
    if (!edge.words || !edgeShown(edge)) return false;
    if (state.overEdge === edge.id || state.edge === edge.id) return true;
    if (bright) return bright.edges.has(edge.id) && bright.edges.size <= MANY_EDGES;
    return !dense;
  };
  const crossing = (one, other) =>
    Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0])) * Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
  network.on("afterDrawing", (ctx) => {
    const scale = network.getScale();
    const size = bright ? Math.min(Math.max(12.5, 10 / scale), 17) : 12.5;
    if (size * scale < 6.5) return;
    const taken = nodes.filter((node) => nodeShown(node.id) && (!bright || bright.nodes.has(node.id))).map((node) => {
      const { x, y } = network.body.nodes[node.id];
      return [x - node.w / 2, y - node.h / 2, x + node.w / 2, y + node.h / 2];
    });
    for (const [name, left, top] of state.down ? graph.downLanes : graph.lanes) taken.push([left, top, left + 16 + name.length * 8.5, top + 30]);
    ctx.font = `${size}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (const edge of edges.filter(wordy)) {
      const shape = network.body.edges[edge.id]?.edgeType;
      if (!shape) continue;
      const words = edge.told.denied ? `${edge.words} ✕` : edge.words;
      const half = ctx.measureText(words).width / 2 + 3;
      let best = null;
      for (const share of [0.5, 0.45, 0.55, 0.4, 0.6, 0.34, 0.66, 0.28, 0.72, 0.22, 0.78]) {
        const point = shape.getPoint(share);
        const area = [point.x - half, point.y - size * 0.62, point.x + half, point.y + size * 0.62];
        const cost = taken.reduce((sum, other) => sum + crossing(area, other), 0);
        if (!best || cost < best.cost) best = { cost, point, area };
        if (cost === 0) break;
      }
      // Among many, words that would cover others wait until their edge is pointed at.
      const [across, high] = [2 * half, 1.24 * size];
      if (bright?.edges.size > 12 && best.cost > 0.1 * across * high && state.overEdge !== edge.id) continue;
      taken.push(best.area);
      ctx.lineWidth = 4.5;
      ctx.strokeStyle = faded(css_ground, 0.92);
      ctx.strokeText(words, best.point.x, best.point.y);
      ctx.fillStyle = graph.signs[edge.sign][theme()];
      ctx.fillText(words, best.point.x, best.point.y);
    }
  });

  // ---- camera --------------------------------------------------------------------------------------------------
  const frame = (ids, { animate = true, closest = 1.25, lanes = false } = {}) => {
    const [width, height] = [$("canvas").clientWidth, $("canvas").clientHeight];
    if (!width || !height) return;
    const areas = ids.map((id) => {
      const [x, y] = [network.body.nodes[id].x, network.body.nodes[id].y];
      return [x - nodes[id].w / 2, y - nodes[id].h / 2, x + nodes[id].w / 2, y + nodes[id].h / 2];
    });
    if (lanes) areas.push(...(state.down ? graph.downLanes : graph.lanes).map((lane) => lane.slice(1)));
    if (!areas.length) return;
    // In a small drawing no arc, nor the words on it, may leave the picture.
    if (lanes && !dense) {
      for (const edge of edges.filter(edgeShown)) {
        const half = 4 * edge.words.length;
        for (const share of [0.3, 0.5, 0.7]) {
          const { x, y } = network.body.edges[edge.id].edgeType.getPoint(share);
          if (Number.isFinite(x) && Number.isFinite(y)) areas.push([x - half, y - 10, x + half, y + 10]);
        }
      }
    }
    const [left, top] = [0, 1].map((side) => Math.min(...areas.map((area) => area[side])));
    const [right, bottom] = [2, 3].map((side) => Math.max(...areas.map((area) => area[side])));
    const margin = Math.min(40, width * 0.035);
    const covered = inSheet() && !$("details").hidden
      ? Math.max(0, $("canvas").getBoundingClientRect().bottom - $("details").getBoundingClientRect().top) : 0;
    const room = Math.max(120, height - covered);
    const scale = Math.min((width - 2 * margin) / (right - left || 1), (room - 2 * margin) / (bottom - top || 1), closest);
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 + covered / 2 / scale };
    const moving = animate && !calm.matches ? { duration: 420, easingFunction: "easeInOutCubic" } : false;
    network.moveTo({ position, scale, animation: moving });
  };
  const everything = () => nodes.map((node) => node.id).filter(nodeShown);
  const fit = (animate = true) => frame(everything(), { animate, lanes: true });
  const home = (animate) => (focus.size && dense && bright ? frame([...focus], { animate }) : fit(animate));
  const neighbourhood = () => bright && frame([...bright.nodes].filter(nodeShown));
  const orient = () => {
    const down = $("canvas").clientWidth < $("canvas").clientHeight * 0.95;
    if (down === state.down) return false;
    state.down = down;
    shownNodes.update(nodes.map((node) => ({ id: node.id, x: place(node)[0], y: place(node)[1] })));
    restyle();
    return true;
  };

  // ---- details -------------------------------------------------------------------------------------------------
  const look = (name) => graph.looks[name];
  const icon = (name) => {
    const { shape } = look(name);
    const colours = look(name)[theme()];
    return drawn("svg", { width: 34, height: 20, viewBox: "-17 -10 34 20", "aria-hidden": "true" },
      drawn("path", { d: outline(shape, 31, 17), fill: colours.fill, stroke: colours.border, "stroke-width": 1.6 }));
  };
  const standing = (name) => (name ? `${graph.standings[name].symbol} ${name}` : "");
  const term = (id) => make("button", { type: "button", class: "link", click: () => selectNode(id, { camera: true }) }, nodes[id].label);
  const section = (title, ...children) => [make("h3", {}, title), ...children];

  const proofCard = (item) => {
    const source = graph.sources[item.source];
    const verdict = item.verdict && graph.verdicts[item.verdict];
    const card = make("li", { class: `proof-card ${verdict ? item.verdict : ""}` });
    const name = source ? source.label : item.name || item.source;
    card.append(make("strong", {}, name), item.where ? `, ${item.where}` : "");
    if (source?.journal && !name.includes(source.journal)) card.append(`, ${source.journal}`);
    if (verdict) card.append(make("p", {}, `${verdict.symbol} ${verdict.words}`, item.design ? ` (${item.design})` : ""));
    else if (item.design) card.append(make("p", { class: "soft" }, item.design));
    if (item.finding) card.append(make("p", {}, item.finding));
    if (item.effect) card.append(make("p", { class: "effect" }, item.effect));
    if (item.grade) card.append(make("p", { class: "soft" }, item.grade === "not graded" ? "Certainty not graded by its authors" : `Certainty graded ${item.grade}`));
    if (item.indirectness) card.append(make("p", { class: "soft" }, `Indirect: ${item.indirectness}`));
    const out = source?.links || [];
    if (out.length) card.append(make("p", { class: "links" }, ...out.map(([text, iri]) => link(text, iri))));
    return card;
  };

  const edgeTold = (edge) => {
    const { told } = edge;
    const evidence = told.evidence || [];
    const sign = graph.signs[edge.sign];
    return [
      make("h2", { tabindex: "-1" }, told.claim),
      make("div", { class: "chips" },
        make("span", { class: "chip" }, stroke(sign[theme()], [], sign.arrow), edge.sign ? sign.name : edge.words || "link"),
        edge.certainty && make("span", { class: "chip" }, stroke(css("--ink"), graph.certainties[edge.certainty].dashes, ""), edge.certainty),
        told.standing && make("span", { class: "chip" }, standing(told.standing))),
      told.standing && make("p", { class: "soft" }, `${told.standing}: ${graph.standings[told.standing].words}.`),
      edge.certainty && make("p", { class: "soft" }, `In the article it is ${graph.certainties[edge.certainty].words}.`),
      told.denied && make("p", {}, "No source asserts this: every publication read disputes it or found no evidence for it."),
      told.comment && make("p", {}, told.comment),
      make("div", { class: "ends" }, term(edge.from), make("span", { class: "soft" }, edge.words || "→"), term(edge.to)),
      ...section(evidence.length ? `What it rests on (${plural(evidence.length, "piece of evidence", "pieces of evidence")})` : "What it rests on",
        evidence.length ? make("ul", { class: "proofs" }, ...evidence.map(proofCard)) : make("p", { class: "soft" }, "No evidence is recorded.")),
    ];
  };

  const nearList = (ids, id) => make("ul", { class: "near" }, ...ids.map((number) => {
    const edge = edges[number];
    const other = edge.from === id ? edge.to : edge.from;
    return make("li", {},
      make("span", {}, make("span", { class: "words" }, edge.from === id ? `${edge.words || "→"} ` : ""), term(other),
        make("span", { class: "words" }, edge.from === id ? "" : ` ${edge.words || "→"} this`)),
      make("button", { type: "button", class: "link proof", "aria-label": `Evidence: ${edge.told.claim}`, click: () => selectEdge(number, { camera: false }) },
        edge.told.standing ? standing(edge.told.standing) : "more"));
  }));

  const nodeTold = (node) => {
    const { id, told } = node;
    const mine = links[id].filter((number) => edgeShown(edges[number]));
    const where = new Set(["kg:locatedIn", "kg:partOf", "kg:affects"]);
    const groups = [
      ["What leads to it", (edge) => edge.to === id && edge.sign === 1],
      ["What it leads to", (edge) => edge.from === id && edge.sign === 1],
      ["What helps", (edge) => edge.to === id && (edge.sign === -1 || edge.told.predicate === "kg:recommendedFor")],
      ["What it helps with", (edge) => edge.from === id && (edge.sign === -1 || edge.told.predicate === "kg:recommendedFor")],
      ["Where", (edge) => edge.from === id && where.has(edge.told.predicate)],
      ["Also here", (edge) => edge.to === id && where.has(edge.told.predicate)],
      ["Other links", () => true],
    ];
    const rest = new Set(mine);
    const lists = groups.flatMap(([title, belongs]) => {
      const found = [...rest].filter((number) => belongs(edges[number]));
      found.forEach((number) => rest.delete(number));
      return found.length ? section(title, nearList(found, id)) : [];
    });
    return [
      make("h2", { tabindex: "-1" }, node.label),
      told.classes && make("div", { class: "chips" }, make("span", { class: "chip" }, icon(node.look), told.classes.join(", "))),
      told.definition && make("p", {}, told.definition),
      told.note && make("p", { class: "soft" }, told.note),
      told.synonyms && make("p", { class: "soft" }, `Also called: ${told.synonyms.join(", ")}`),
      told.broader && make("p", { class: "soft" }, `A kind of: ${told.broader.join(", ")}`),
      ...lists,
      ...(told.identifiers || told.iri ? section("Identifiers", make("ul", {},
        told.iri ? make("li", {}, link(told.key, told.iri)) : "",
        ...(told.identifiers || []).map(([curie, meaning, iri]) => make("li", {}, link(curie, iri), make("span", { class: "soft" }, ` ${meaning}`)))))
        : []),
    ];
  };

  const show = (parts, { keyboard }) => {
    $("told").replaceChildren(...parts.filter((part) => part));
    $("details").hidden = parts.length === 0;
    $("hint").hidden = parts.length > 0;
    $("details").scrollTop = 0;
    $("panel").scrollTop = 0;
    $("near").disabled = !bright || parts.length === 0;
    if (keyboard) $("told").querySelector("h2")?.focus({ preventScroll: true });
  };
  const choose = (node, edge) => {
    [state.node, state.edge] = [node, edge];
    restyle();
    const row = $("table").querySelector("tr.chosen");
    row?.classList.remove("chosen");
    if (edge !== null) rows[edge].classList.add("chosen");
  };
  // On a narrow screen the details cover the lower half, so the drawing moves up to be seen above them.
  const inSheet = () => getComputedStyle($("details")).position === "fixed";
  const uncover = () => inSheet() && $("canvas").parentElement.scrollIntoView({ block: "start" });
  const selectNode = (id, { camera = false, keyboard = false } = {}) => {
    choose(id, null);
    show(nodeTold(nodes[id]), { keyboard });
    say(`${nodes[id].label}: ${plural(bright.edges.size, "statement", "statements")}`);
    if (camera) { uncover(); neighbourhood(); }
  };
  const selectEdge = (id, { camera = false, keyboard = false } = {}) => {
    choose(null, id);
    show(edgeTold(edges[id]), { keyboard });
    say(edges[id].told.claim);
    if (camera) { uncover(); neighbourhood(); }
  };
  const clear = () => {
    choose(null, null);
    show([], {});
    tally();
    state.opener?.focus({ preventScroll: false });
    state.opener = null;
  };

  // ---- legend, which filters -----------------------------------------------------------------------------------
  const say = (text) => { $("status").textContent = text; };
  const tally = () => {
    const [some, all] = [everything().length, edges.filter(edgeShown).length];
    const part = (count, of, one, many) => (count === of ? plural(of, one, many) : `${count} of ${plural(of, one, many)}`);
    say(`${part(some, nodes.length, "term", "terms")}, ${part(all, edges.length, "statement", "statements")}`);
    $("table-count").textContent = part(all, edges.length, "statement", "statements");
    document.documentElement.dataset.shownNodes = some;
    document.documentElement.dataset.shownEdges = all;
  };
  const filtered = () => {
    if ((state.node !== null && !nodeShown(state.node)) || (state.edge !== null && !edgeShown(edges[state.edge]))) clear();
    shownNodes.update(nodes.map((node) => ({ id: node.id, hidden: !nodeShown(node.id) })));
    rows.forEach((row, id) => { row.hidden = !edgeShown(edges[id]); });
    restyle();
    if (state.node !== null) show(nodeTold(nodes[state.node]), {});
    tally();
  };
  const entry = (kind, value, name, count, picture) => {
    const box = make("input", { type: "checkbox", "data-kind": kind, "data-value": value });
    box.checked = !hidden[kind].has(value);
    box.addEventListener("change", () => {
      hidden[kind][box.checked ? "delete" : "add"](value);
      filtered();
    });
    return make("label", {}, box, picture, make("span", { class: "name" }, name), make("span", { class: "count" }, String(count)));
  };
  const stroke = (colour, dashes, head) => {
    const heads = { arrow: "M44 4L56 10L44 16Z", bar: "M53 3V17", vee: "M45 5L55 10L45 15" };
    const filled = head === "arrow";
    return drawn("svg", { width: 58, height: 20, viewBox: "0 0 58 20", "aria-hidden": "true" },
      drawn("path", { d: `M2 10H${head ? 52 : 56}`, fill: "none", stroke: colour, "stroke-width": 2.4, "stroke-dasharray": dashes.join(" ") }),
      ...(head && graph.directed ? [drawn("path", { d: heads[head], fill: filled ? colour : "none", stroke: colour, "stroke-width": filled ? 1 : 3 })] : []));
  };
  const counted = (items, key) => {
    const counts = new Map();
    items.forEach((item) => counts.set(key(item), (counts.get(key(item)) || 0) + 1));
    return counts;
  };
  const legend = () => {
    const classes = counted(nodes, (node) => node.look);
    const signs = counted(edges, (edge) => String(edge.sign));
    const certainties = counted(edges, (edge) => edge.certainty);
    const standings = counted(edges, (edge) => edge.told.standing || "");
    const order = [...graph.order].filter((name) => classes.has(name));
    const parts = [make("h2", {}, "Terms"), ...order.map((name) => entry("look", name, look(name).plural, classes.get(name), icon(name)))];
    if (edges.length) parts.push(make("h2", {}, "Links"));
    for (const sign of ["1", "-1", "0"].filter((value) => signs.has(value))) {
      const { name, arrow } = graph.signs[sign];
      const bare = signs.size === 1 && sign === "0";
      parts.push(entry("sign", sign, bare ? "link" : name, signs.get(sign), stroke(graph.signs[sign][theme()], [], arrow)));
    }
    if ([...certainties.keys()].some(Boolean)) {
      parts.push(make("h2", {}, "How firmly it is said"));
      for (const name of Object.keys(graph.certainties).filter((value) => certainties.has(value))) {
        parts.push(entry("certainty", name, name, certainties.get(name), stroke(css("--ink"), graph.certainties[name].dashes, "")));
      }
    }
    if ([...standings.keys()].some(Boolean)) {
      parts.push(make("h2", {}, "Standing in the literature"));
      for (const name of Object.keys(graph.standings).filter((value) => standings.has(value))) {
        const { symbol, words } = graph.standings[name];
        parts.push(make("p", { class: "sample" }, make("span", { class: "symbol" }, symbol),
          make("span", { class: "name" }, make("b", {}, name), make("small", {}, words)), make("span", { class: "count" }, String(standings.get(name)))));
      }
    }
    $("legend").replaceChildren(...parts);
  };

  // ---- table ---------------------------------------------------------------------------------------------------
  const rows = edges.map((edge) => {
    const act = make("button", { type: "button", class: "link", "aria-label": `Evidence: ${edge.told.claim}` }, edge.words || "link");
    const row = make("tr", {}, make("td", {}, nodes[edge.from].label), make("td", {}, act), make("td", {}, nodes[edge.to].label),
      make("td", {}, edge.certainty), make("td", {}, standing(edge.told.standing)));
    row.addEventListener("click", (event) => {
      state.opener = act;
      // A click without a pointer comes from the keyboard, whose user wants to go on in the details.
      selectEdge(edge.id, { camera: true, keyboard: event.detail === 0 });
    });
    return row;
  });
  $("table").tBodies[0].append(...rows);

  // ---- search --------------------------------------------------------------------------------------------------
  const names = new Map();
  nodes.forEach((node) => {
    [node.label, ...(node.told.synonyms || [])].forEach((name, at) => {
      if (!names.has(fold(name)) || at === 0) names.set(fold(name), node.id);
      $("terms").append(make("option", { value: name, ...(at && { label: node.label }) }));
    });
  });
  const found = (text) => {
    const wanted = fold(text);
    if (!wanted) return null;
    if (names.has(wanted)) return names.get(wanted);
    const starting = [...names].find(([name]) => name.startsWith(wanted)) || [...names].find(([name]) => name.includes(wanted));
    return starting ? starting[1] : null;
  };

  // ---- events --------------------------------------------------------------------------------------------------
  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    state.opener = null;
    if (node !== undefined) selectNode(node);
    else if (edge !== undefined) selectEdge(edge);
    else clear();
  });
  network.on("doubleClick", ({ nodes: [node] }) => node !== undefined && neighbourhood());
  const tip = (point, title, ...more) => {
    $("tip").replaceChildren(title, ...more.filter(Boolean).map((text) => make("small", {}, text)));
    $("tip").hidden = false;
    const { clientWidth, clientHeight } = $("canvas");
    $("tip").style.left = `${Math.max(4, Math.min(point.x + 14, clientWidth - $("tip").offsetWidth - 4))}px`;
    $("tip").style.top = `${point.y + 20 + $("tip").offsetHeight > clientHeight ? point.y - $("tip").offsetHeight - 12 : point.y + 20}px`;
  };
  const pointing = (on) => { $("canvas").style.cursor = on ? "pointer" : ""; };
  const overEdge = (id) => {
    const before = state.overEdge;
    state.overEdge = id;
    shownEdges.update([before, id].filter((one) => one !== null).map((one) => edgeLook(edges[one])));
  };
  network.on("hoverNode", ({ node, pointer }) => {
    state.over = node;
    pointing(true);
    const short = nodes[node].lines.at(-1).endsWith("…");
    if (short || network.getScale() < 0.72) tip(pointer.DOM, nodes[node].label, (nodes[node].told.classes || []).join(", "));
    network.redraw();
  });
  network.on("blurNode", () => { state.over = null; pointing(false); $("tip").hidden = true; network.redraw(); });
  network.on("hoverEdge", ({ edge, pointer }) => {
    overEdge(edge);
    pointing(true);
    const { certainty, told } = edges[edge];
    tip(pointer.DOM, told.claim, [certainty, standing(told.standing)].filter(Boolean).join(" · "));
  });
  network.on("blurEdge", () => { overEdge(null); pointing(false); $("tip").hidden = true; });
  for (const event of ["dragStart", "zoom"]) network.on(event, () => { $("tip").hidden = true; });

  $("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = found($("search").value);
    if (id === null) return say(`Nothing is called “${$("search").value.trim()}”`);
    if (!nodeShown(id)) { hidden.look.delete(nodes[id].look); legend(); filtered(); }
    state.opener = $("search");
    selectNode(id, { camera: true });
  });
  $("fit").addEventListener("click", () => fit());
  $("near").addEventListener("click", neighbourhood);
  $("reset").addEventListener("click", () => {
    Object.values(hidden).forEach((set) => set.clear());
    $("search").value = "";
    state.opener = null;
    shownNodes.update(nodes.map((node) => ({ id: node.id, x: place(node)[0], y: place(node)[1] })));
    legend();
    clear();
    filtered();
    home(true);
  });
  $("close").addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("details").hidden && document.activeElement !== $("search")) clear();
  });
  dark.addEventListener("change", () => {
    css_ground = graph.surfaces[theme()];
    legend();
    restyle();
  });
  let seen = [0, 0];
  new ResizeObserver(() => {
    const size = [$("canvas").clientWidth, $("canvas").clientHeight];
    const turned = orient();
    // Small changes (a fold that opens) must not take the reader's view away.
    if (turned || Math.abs(size[0] - seen[0]) > 60) requestAnimationFrame(() => home(false));
    seen = size;
  }).observe($("canvas"));

  legend();
  orient();
  restyle();
  tally();
  // Drawn once more before it is framed, since edges know their curves only when drawn.
  network.redraw();
  home(false);
  Object.assign(document.documentElement.dataset, { nodes: nodes.length, edges: edges.length, ready: "yes" });
  window.kgPage = Object.freeze({ network, selectNode, selectEdge, clear, fit });
})();
