// What the page shows of the state, which has the parts that the server sends.
const state = {};
const $ = id => document.getElementById(id);
const colors = [0, 1, 2, 3, 4, 5, 6, 7].map(i => "var(--s" + i + ")");

function clock(seconds) {
  if (!finite(seconds)) return "–";
  const t = Math.round(seconds), pad = n => String(n).padStart(2, "0");
  const h = Math.floor(t / 3600), m = Math.floor(t / 60) % 60;
  return h ? h + ":" + pad(m) + ":" + pad(t % 60) : m + ":" + pad(t % 60);
}

function set(id, value) {
  const e = $(id);
  if (e.textContent !== value) e.textContent = value;
}

// list writes names with texts into a dl.
function list(id, pairs) {
  const dl = $(id);
  while (dl.children.length > pairs.length) dl.lastChild.remove();
  pairs.forEach(([name, value], i) => {
    if (!dl.children[i]) dl.append(tag("div", {}, tag("dt"), tag("dd")));
    const [dt, dd] = dl.children[i].children;
    if (dt.textContent !== name) dt.textContent = name;
    if (dd.textContent !== value) dd.textContent = value;
  });
}

const phases = {
  training: "Training", evaluating: "Measuring the result of",
  finished: "Finished", stopped: "Stopped", failed: "Failed",
};

const over = () => ["finished", "stopped", "failed"].includes((state.progress || {}).phase);

function showRun() {
  const r = state.run;
  set("title", r.title);
  set("dir", r.dir);
  list("facts", r.facts.map(f => [f.name, f.text]));
}

function showProgress() {
  const p = state.progress, r = state.run;
  if (!r) return;
  $("answer").dataset.phase = p.phase;
  set("phase", phases[p.phase] || p.phase);
  $("why").hidden = !p.why;
  set("why", p.why);
  const done = p.phase === "finished" ? (p.why ? share(p, r) : 1) : share(p, r);
  $("progress").value = done;
  set("share", Math.floor(100 * done + 1e-9) + " %");
  list("now", [
    ["epoch", p.epoch + " of " + r.epochs], ["step", p.step + " of " + r.steps],
    ["loss", text(p.loss)], ["accuracy", text(p.accuracy)], ["learning rate", text(p.lr)],
    ["samples/s", String(Math.round(p.speed))], ["elapsed", clock(p.elapsed)],
    ...(over() ? [] : [["left", p.phase === "training" ? clock(p.left) : "–"]]),
  ]);
  document.title = (over() ? phases[p.phase] : Math.floor(100 * done + 1e-9) + " %") + " – " + r.title + " – gonn train";
}

// share of the whole training that is done, from 0 to 1.
function share(p, r) {
  return Math.min(1, ((p.epoch - 1) * r.samples + (p.step === r.steps ? r.samples : p.samples)) / (r.epochs * r.samples));
}

function showResults() {
  $("results").hidden = state.results.length === 0;
  set("results", state.results.map(s => s.set + ": loss " + text(s.loss) + ", accuracy " + text(s.accuracy)).join("; "));
}

// smooth is the exponential moving average whose start is corrected for its bias.
function smooth(values, beta) {
  let mean = 0, weight = 0;
  return values.map(v => {
    if (!finite(v)) return v;
    mean = beta * mean + (1 - beta) * v;
    weight = beta * weight + (1 - beta);
    return mean / weight;
  });
}

const batchChart = new Chart("");
$("batches").append(batchChart.root);

function showBatches() {
  const b = state.batches;
  if (!b || !state.run) return;
  const what = $("batch-what").value, steps = state.run.steps, beta = +$("smoothing").value;
  const xs = b.step.map(s => s / steps), log = $("batch-log").checked;
  const smoothed = what !== "lr" && beta > 0;
  const name = { loss: "loss", accuracy: "accuracy", lr: "learning rate" }[what];
  batchChart.draw({
    height: 260, xLabel: "epoch", log, x: [xs.length ? Math.floor(xs[0] - 1e-9) : 0, xs.length ? xs[xs.length - 1] : 1],
    curves: [{ name, xs, ys: smoothed ? smooth(b[what], beta) : b[what], raw: smoothed ? b[what] : null, color: colors[0] }],
    bands: what === "loss" && b.width > 1 ? [{ xs, low: b.min, high: b.max, color: "var(--band)", style: "range" }] : [],
  });
  const earlier = xs.length > 0 && b.step[0] > b.width ? " Those of earlier parts of this training are not kept." : "";
  set("batch-note", (b.width > 1 ? "A point is the mean of " + b.width + " batches; the band of losses is their range." : "A point is a batch.") + earlier);
}

// A family of series shares a chart: loss and val_loss, grad_norm/LAYER.PARAM of all layers, but
// slopes/LAYER/mean with others of its layer.
const familyOf = name => name.split("/").slice(0, Math.max(1, name.split("/").length - 1)).join("/").replace(/^val_/, "");
const chosen = { loss: true, accuracy: true, grad_norm: true, dead: true }; // families that are shown
const hidden = new Set(); // series
const epochCharts = new Map();

function showEpochs() {
  if (!state.epochs || !state.run) return;
  const families = new Map();
  for (const s of state.epochs) families.set(familyOf(s.name), [...(families.get(familyOf(s.name)) || []), s]);
  $("epochs-none").hidden = state.epochs.length > 0;
  $("values").hidden = state.epochs.length === 0;
  chooser([...families.keys()]);
  for (const [family, chart] of epochCharts) if (!families.has(family) || !chosen[family]) { chart.root.remove(); epochCharts.delete(family); }
  [...families].forEach(([family, series], i) => {
    if (!chosen[family]) return;
    if (!epochCharts.has(family)) {
      epochCharts.set(family, new Chart(family));
      $("epochs").append(epochCharts.get(family).root);
    }
    epochCharts.get(family).root.style.order = i;
    showFamily(epochCharts.get(family), family, series);
  });
  if ($("values").open) showValues();
}

function chooser(families) {
  const box = $("chooser");
  if (box.dataset.families === families.join("\n")) return;
  box.dataset.families = families.join("\n");
  box.querySelectorAll("label").forEach(l => l.remove());
  for (const family of families) {
    const input = tag("input", { type: "checkbox", checked: Boolean(chosen[family]) });
    input.addEventListener("change", () => { chosen[family] = input.checked; showEpochs(); });
    box.append(tag("label", {}, input, family));
  }
}

function showFamily(chart, family, series) {
  const short = s => s.name.startsWith(family + "/") ? s.name.slice(family.length + 1) : s.name;
  const look = s => {
    const i = series.indexOf(s), val = s.name.startsWith("val_");
    return { color: colors[(val ? 1 : i) % colors.length], dashed: val || i >= colors.length };
  };
  keys(chart, series, look, short);
  chart.draw({
    xLabel: "epoch", whole: true, log: $("epoch-log").checked, x: [1, Math.max(2, Math.min(state.run.epochs, 5))],
    curves: series.filter(s => !hidden.has(s.name)).map(s => ({ name: short(s), xs: s.epoch, ys: s.value, ...look(s) })),
  });
}

// keys are the names of a chart's curves, each of which can be hidden if there are several.
function keys(chart, series, look, short) {
  const names = series.map(s => s.name).join("\n");
  if (chart.keys.dataset.names === names) return;
  chart.keys.dataset.names = names;
  chart.keys.replaceChildren(...series.map(s => {
    const mark = tag("i", { className: look(s).dashed ? "dashed" : "" });
    mark.style.borderColor = look(s).color;
    if (series.length === 1) return tag("span", {}, mark, short(s));
    const input = tag("input", { type: "checkbox", checked: !hidden.has(s.name) });
    input.addEventListener("change", () => { hidden[input.checked ? "delete" : "add"](s.name); showEpochs(); });
    return tag("label", {}, input, mark, short(s));
  }));
}

function showValues() {
  const epochs = [...new Set(state.epochs.flatMap(s => s.epoch))].sort((a, b) => a - b);
  const head = (value, scope) => { const th = tag("th", { textContent: value }); th.scope = scope; return th; };
  $("values").querySelector("thead").replaceChildren(tag("tr", {}, head("epoch", "col"), ...state.epochs.map(s => head(s.name, "col"))));
  $("values").querySelector("tbody").replaceChildren(...epochs.map(e => tag("tr", {}, head(String(e), "row"), ...state.epochs.map(s => {
    const i = s.epoch.indexOf(e);
    return tag("td", { textContent: i < 0 ? "" : text(s.value[i]) });
  }))));
}

const slopeCards = [];

function showSlopes() {
  const layers = state.slopes;
  if (!layers || !state.run) return;
  $("slopes-card").hidden = layers.length === 0;
  while (slopeCards.length > layers.length) slopeCards.pop().root.remove();
  layers.forEach((l, i) => {
    if (!slopeCards[i]) slopeCards.push(newSlopeCard());
    showLayer(slopeCards[i], l);
  });
}

function newSlopeCard() {
  const c = { heading: tag("h3"), now: new Chart(""), time: new Chart("") };
  c.root = tag("div", { className: "layer" }, c.heading, tag("div", { className: "pair" }, c.now.root, c.time.root));
  $("slopes").append(c.root);
  return c;
}

function showLayer(c, l) {
  const title = l.layer + ": " + l.count + (l.count === 1 ? " slope" : " slopes") + " (" + l.kind + ")";
  if (c.heading.textContent !== title) c.heading.textContent = title;
  const quantile = q => l.percentiles[q], last = q => quantile(q)[l.step.length - 1];
  const numbers = "mean " + text(l.mean) + ", std " + text(l.std) + ", " + (100 * l.below).toFixed(1) + " % below 0" +
    (l.not_finite ? ", " + l.not_finite + " not finite" : "");
  c.now.draw({
    height: 200, xLabel: "slope", readout: numbers, label: "Histogram of the slopes of " + l.layer + ": " + numbers,
    bars: { lo: l.lo, hi: l.hi, counts: l.counts, past: l.past.filter(p => Math.max(...p.counts) < l.count).map(p => p.counts) },
  });
  const xs = l.step.map(s => s / state.run.steps), color = colors[0];
  c.time.draw({
    height: 200, xLabel: "epoch", label: "Slopes of " + l.layer + " over time, now from " + text(last(0)) + " to " + text(last(6)) + ", median " + text(last(3)) + ". Arrow keys read earlier values.",
    curves: [{ name: "median", xs, ys: quantile(3), color }],
    bands: [[0, 6, "range"], [1, 5, "range"], [2, 4, "half"]].map(([a, b, style]) => ({ xs, low: quantile(a), high: quantile(b), color, style })),
  });
}

const shows = { run: showRun, progress: showProgress, results: showResults, batches: showBatches, epochs: showEpochs, slopes: showSlopes };
const stale = new Set(); // parts to be drawn

// refresh draws parts in the next frame, once for all events until then.
function refresh(...parts) {
  if (stale.size === 0) requestAnimationFrame(() => {
    const now = Object.keys(shows).filter(part => stale.has(part) && state[part] !== undefined);
    stale.clear();
    if (state.run) $("main").hidden = false;
    now.forEach(part => shows[part]());
  });
  parts.forEach(p => stale.add(p));
}

for (const id of ["batch-what", "smoothing", "batch-log"]) $(id).addEventListener("input", () => refresh("batches"));
$("epoch-log").addEventListener("input", () => refresh("epochs"));
$("values").addEventListener("toggle", () => refresh("epochs"));
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; refresh("batches", "epochs", "slopes"); } });
