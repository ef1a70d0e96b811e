// Causal paths, ranked as `kg paths` ranks them, and the smallest sets of strategies, chosen as `kg plan` chooses them.
const LEVELS = graph.strength;
const EFFORT = 400000;
const MOST_WAYS = 400;

// A graph in which nothing increases or decreases anything has paths of structure alone.
const anySign = edge.sign.some(Boolean);

// Steps merge the shown claims of one sign between two nodes; a step stands on its best claim. Claims that no source asserts
// make no step. Steps of structure are those without a sign.
let lastSteps = {};
const stepsOf = (structure) => {
  if (lastSteps.filtering === filtering && lastSteps.structure === structure) return lastSteps;
  const merged = new Map();
  for (const id of everyEdge) {
    const [from, to] = [edge.from[id], edge.to[id]];
    if (Boolean(edge.sign[id]) === structure || denied.has(id) || from === to || !allows(id)) continue;
    const key = (from * N + to) * 2 + (edge.sign[id] < 0 ? 1 : 0);
    if (!merged.has(key)) merged.set(key, { from, to, sign: edge.sign[id], level: 0, edges: [] });
    const step = merged.get(key);
    step.level = Math.max(step.level, LEVELS.indexOf(edge.standing[id] || "Unreviewed"));
    step.edges.push(id);
  }
  const [onward, back] = [everyNode.map(() => []), everyNode.map(() => [])];
  [...merged].sort((one, other) => one[0] - other[0]).forEach(([, step]) => {
    onward[step.from].push(step);
    back[step.to].push(step);
  });
  return (lastSteps = { filtering, structure, onward, back });
};

// How far it is to the target at least from each state: a node (times 4), whether the weakest step has been passed (2) and
// whether the signs so far multiply to -1 (1). -1 where no walk ends as wished.
const distances = (target, { turned, least, weakest, structure }) => {
  const { back } = stepsOf(structure);
  const far = new Int32Array(N * 4).fill(-1);
  let rim = [0, 1].filter((parity) => turned === null || parity === turned).map((parity) => target * 4 + (weakest ? 2 : 0) + parity);
  rim.forEach((at) => { far[at] = 0; });
  for (let distance = 1; rim.length; distance++) {
    const next = [];
    for (const at of rim) {
      const has = (at >> 1) & 1;
      for (const step of back[at >> 2]) {
        if (step.level < least) continue;
        const reaches = weakest && step.level === least;
        for (const before of !weakest ? [0] : has ? (reaches ? [0, 1] : [1]) : reaches ? [] : [0]) {
          const from = step.from * 4 + before * 2 + ((at & 1) ^ (step.sign < 0 ? 1 : 0));
          if (far[from] >= 0) continue;
          far[from] = distance;
          next.push(from);
        }
      }
    }
    rim = next;
  }
  return far;
};

const inOrder = (one, other) => {
  for (let at = 0; at < one.length; at++) if (one[at].to !== other[at].to) return one[at].to - other[at].to;
  for (let at = 0; at < one.length; at++) if (one[at].sign !== other[at].sign) return other[at].sign - one[at].sign;
  return 0;
};

// Simple paths from some nodes to another as lists of steps: fewest steps first, then in the order of their nodes, then of
// their signs, increases first. `turned` is 0 for paths that increase, 1 for those that decrease, null for both; no step stands
// on less than `least`, and where `weakest` is set one step stands on just that.
const pathsByLength = function* (sources, target, { turned, least = 0, weakest = false, structure = false }, budget) {
  const { onward } = stepsOf(structure);
  const far = distances(target, { turned, least, weakest, structure });
  const starts = sources.filter((id) => id !== target && far[id * 4] > 0).sort((one, other) => one - other);
  const passed = new Set();
  let [length, longer, found] = [0, starts.length > 0, []];
  const walk = (at, has, parity, taken) => {
    if (at === target) {
      if (taken.length === length) found.push([...taken]);
      return;
    }
    for (const step of onward[at]) {
      if (step.level < least || passed.has(step.to)) continue;
      if (budget.left-- <= 0) return;
      const hasNow = weakest && (has || step.level === least) ? 1 : 0;
      const parityNow = parity ^ (step.sign < 0 ? 1 : 0);
      const rest = far[step.to * 4 + hasNow * 2 + parityNow];
      if (rest < 0) continue;
      if (taken.length + 1 + rest > length) longer = true;
      else {
        passed.add(step.to);
        taken.push(step);
        walk(step.to, hasNow, parityNow, taken);
        taken.pop();
        passed.delete(step.to);
      }
    }
  };
  while (longer && budget.left > 0) {
    length += 1;
    longer = false;
    for (const start of starts) {
      found = [];
      passed.clear();
      passed.add(start);
      if (far[start * 4] > length) longer = true;
      else walk(start, 0, 0, []);
      yield* found.sort(inOrder);
    }
  }
};

// The best paths: the one whose weakest step stands on the firmest ground first. `cut` says whether there may be more.
const bestPaths = (sources, target, effect, most) => {
  const turned = { any: null, increases: 0, decreases: 1, none: null }[effect];
  const [found, budget] = [[], { left: EFFORT }];
  for (let level = LEVELS.length - 1; level >= 0; level--) {
    for (const path of pathsByLength(sources, target, { turned, least: level, weakest: true, structure: effect === "none" }, budget)) {
      if (found.length === most) return { found, cut: true };
      found.push({ steps: path, level, sign: path.reduce((product, step) => product * step.sign, 1) });
    }
  }
  return { found, cut: budget.left <= 0 };
};

// What each strategy acts on: what it decreases, by a claim that some source asserts, and the kinds of that.
const kindsOf = (id) => {
  const kinds = new Set([id]);
  for (const one of kinds) (kindsBelow.get(one) || []).forEach((kind) => kinds.add(kind));
  return kinds;
};
const kindsBelow = new Map();
Object.entries(graph.nodes.broader).forEach(([kind, wider]) => wider.forEach((id) => {
  if (!kindsBelow.has(id)) kindsBelow.set(id, []);
  kindsBelow.get(id).push(Number(kind));
}));
const acts = () => {
  const found = new Map();
  for (const id of everyEdge) {
    if (edge.sign[id] >= 0 || denied.has(id) || !graph.strategies.includes(edge.from[id]) || !allows(id)) continue;
    const strategy = edge.from[id];
    if (!found.has(strategy)) found.set(strategy, new Map());
    for (const kind of kindsOf(edge.to[id])) {
      if (!found.get(strategy).has(kind)) found.get(strategy).set(kind, []);
      found.get(strategy).get(kind).push(id);
    }
  }
  return found;
};

// The ways by which some factors increase an outcome, and which strategies close each: those that act on a node of it, the
// outcome itself excepted.
const waysTo = (factors, outcome) => {
  const [ways, budget, known] = [[], { left: EFFORT }, acts()];
  let cut = false;
  for (const path of pathsByLength(factors, outcome, { turned: 0 }, budget)) {
    if (ways.length === MOST_WAYS) { cut = true; break; }
    const nodes = [path[0].from, ...path.map((step) => step.to)];
    const inner = nodes.slice(0, -1);
    ways.push({ steps: path, nodes, closers: [...known.keys()].filter((id) => inner.some((one) => known.get(id).has(one))).sort((a, b) => a - b) });
  }
  return { ways, acts: known, cut: cut || budget.left <= 0 };
};

// A smallest set of strategies that closes every way that can be closed, the first in the order of the strategies; branches
// on a way that is still open, one strategy more at a time, so the first set found is smallest.
const smallestSet = (ways) => {
  const open = ways.map((way) => way.closers).filter((closers) => closers.length);
  const kinds = [...new Set(open.map((closers) => closers.join()))].map((text) => text.split(",").map(Number));
  const sets = [];
  const grow = (taken, size) => {
    const missed = kinds.filter((closers) => !closers.some((id) => taken.has(id))).sort((one, other) => one.length - other.length);
    if (!missed.length) return void sets.push([...taken].sort((one, other) => one - other));
    if (taken.size < size) missed[0].forEach((id) => grow(new Set([...taken, id]), size));
  };
  for (let size = 0; !sets.length && size <= 6; size++) grow(new Set(), size);
  return sets.sort((one, other) => { for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return one[at] - other[at]; return 0; })[0] ?? null;
};
