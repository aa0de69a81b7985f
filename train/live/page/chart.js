// Charts are small SVGs whose coordinates are pixels of their own width.
const svgns = "http://www.w3.org/2000/svg";

function element(name, attributes, ...children) {
  const e = document.createElementNS(svgns, name);
  for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

function tag(name, properties, ...children) {
  const e = Object.assign(document.createElement(name), properties);
  e.append(...children);
  return e;
}

const finite = v => typeof v === "number" && isFinite(v);

// text writes a value as briefly as a reader needs.
function text(v) {
  if (!finite(v)) return "not a number";
  if (v === 0) return "0";
  const a = Math.abs(v);
  return a >= 1e5 || a < 1e-3 ? v.toExponential(2).replace(/\.?0+e/, "e") : String(+v.toPrecision(4));
}

// ticks are round numbers from lo to hi, about n of them, at least least apart.
function ticks(lo, hi, n, least = 0) {
  const raw = (hi - lo) / n, power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(least, [1, 2, 5, 10].map(k => k * power).find(s => s >= raw * 0.999));
  const list = [];
  for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + step * 1e-9; i++) list.push(i * step);
  return list;
}

// label writes one of several ticks with as many digits as tell it from the others.
function label(v, all) {
  const step = all.length > 1 ? Math.min(...all.slice(1).map((t, i) => t - all[i])) : Math.abs(v);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return digits > 6 || Math.abs(v) >= 1e5 || !isFinite(digits) ? text(v) : String(+v.toFixed(digits));
}

// axis maps values to pixels from a to b. Ticks of whole numbers are at least 1 apart.
function axis(values, a, b, log, whole) {
  let lo = Infinity, hi = -Infinity;
  for (const v of values) if (finite(v) && (!log || v > 0)) { lo = Math.min(lo, v); hi = Math.max(hi, v); }
  if (lo > hi) { lo = log ? 0.1 : 0; hi = 1; }
  if (log) {
    if (hi / lo < 1.01) { lo /= 1.5; hi *= 1.5; }
    const l = Math.log10(lo), h = Math.log10(hi);
    const marksAt = digits => {
      const list = [];
      for (let e = Math.floor(l); e <= Math.ceil(h); e++) for (const k of digits) list.push(k * 10 ** e);
      return list.filter(v => v >= lo * 0.999 && v <= hi * 1.001);
    };
    let marks = marksAt([1]);
    if (marks.length < 2 || h - l < 1.5) marks = marksAt([1, 2, 5]);
    if (marks.length > 8) marks = marks.filter((_, i) => i % Math.ceil(marks.length / 6) === 0);
    if (marks.length < 2) marks = ticks(lo, hi, 5).filter(v => v > 0);
    return { ticks: marks, at: v => v > 0 ? a + (b - a) * (Math.log10(v) - l) / (h - l) : NaN };
  }
  if (hi - lo <= 1e-9 * Math.abs(hi)) { const d = Math.abs(hi) * 0.05; lo -= d; hi += d || 1; }
  return { ticks: ticks(lo, hi, Math.abs(b - a) > 250 ? 6 : 4, whole ? 1 : 0), at: v => a + (b - a) * (v - lo) / (hi - lo) };
}

// path joins points; where a value is missing it begins anew.
function path(xs, ys, x, y) {
  let d = "", pen = "M";
  for (let i = 0; i < xs.length; i++) {
    const v = finite(ys[i]) ? y.at(ys[i]) : NaN;
    if (!isFinite(v)) { pen = "M"; continue; }
    d += pen + x.at(xs[i]).toFixed(1) + " " + v.toFixed(1);
    pen = "L";
  }
  return d;
}

// band is the area between two curves.
function band(xs, low, high, x, y) {
  const there = xs.map((_, i) => i).filter(i => [low[i], high[i]].every(v => finite(v) && isFinite(y.at(v))));
  if (there.length < 2) return "";
  const point = (i, v) => x.at(xs[i]).toFixed(1) + " " + y.at(v).toFixed(1);
  return "M" + there.map(i => point(i, high[i])).join("L") + "L" + there.reverse().map(i => point(i, low[i])).join("L") + "Z";
}

// Chart is a place in the page with a title, a picture, a readout and a key. draw(spec) replaces
// the picture:
//
//   height, xLabel, log
//   whole: the x axis counts
//   x: [lo, hi], a range that the x axis has at least
//   curves: [{name, xs, ys, color, dashed, raw}]   raw is ys before smoothing
//   bands: [{xs, low, high, color, style}]
//   bars: {lo, hi, counts, past: [counts]}         in place of curves
class Chart {
  constructor(title) {
    this.svg = element("svg", { tabindex: 0, role: "img" });
    this.out = tag("output", { className: "readout" });
    this.out.setAttribute("aria-live", "off");
    this.keys = tag("div", { className: "keys" });
    this.root = tag("div", { className: "chart" }, this.svg, this.out, this.keys);
    if (title) this.root.prepend(tag("h3", { textContent: title }));
    this.title = title;
    this.cursor = null; // a value of x
    this.svg.addEventListener("pointermove", e => this.point(e.clientX - this.svg.getBoundingClientRect().left));
    this.svg.addEventListener("pointerleave", () => this.point(null));
    this.svg.addEventListener("blur", () => this.point(null));
    this.svg.addEventListener("keydown", e => this.key(e));
  }

  draw(spec) {
    this.spec = spec;
    const width = Math.max(this.root.clientWidth || 300, 200), height = spec.height || 240;
    this.box = { left: 60, right: width - 10, top: 8, bottom: height - 34 };
    this.svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    this.svg.setAttribute("aria-label", spec.label || this.label());
    if (spec.bars) this.drawBars(spec.bars, width, height);
    else this.drawCurves(spec, width, height);
    this.read();
  }

  label() {
    const last = this.spec.curves.map(c => c.name + " " + (c.ys.length ? text(c.ys[c.ys.length - 1]) : "has no value yet"));
    return (this.title ? this.title + ": " : "") + last.join(", ") + ". Arrow keys read earlier values.";
  }

  drawCurves(spec, width, height) {
    const all = f => [...spec.curves.flatMap(f), ...(spec.bands || []).flatMap(b => f({ xs: b.xs, ys: b.low.concat(b.high) }))];
    const x = axis([...(spec.x || []), ...all(c => c.xs)], this.box.left, this.box.right, false, spec.whole);
    const y = axis(all(c => c.raw ? c.ys.concat(c.raw) : c.ys), this.box.bottom, this.box.top, spec.log);
    const parts = this.frame(x, y, spec.xLabel, width, height);
    for (const b of spec.bands || []) parts.push(element("path", { class: b.style, fill: b.color, d: band(b.xs, b.low, b.high, x, y) }));
    for (const c of spec.curves) {
      if (c.raw) parts.push(element("path", { class: "raw", stroke: c.color, d: path(c.xs, c.raw, x, y) }));
      parts.push(element("path", { class: "curve" + (c.dashed ? " dashed" : ""), stroke: c.color, d: path(c.xs, c.ys, x, y) }));
      if (c.xs.length < 40) c.xs.forEach((v, i) => {
        if (finite(c.ys[i]) && isFinite(y.at(c.ys[i]))) parts.push(element("circle", { cx: x.at(v), cy: y.at(c.ys[i]), r: 2.5, fill: c.color }));
      });
    }
    this.svg.replaceChildren(...parts);
    this.x = x;
  }

  drawBars(bars, width, height) {
    const top = Math.max(1, ...bars.counts, ...bars.past.flat());
    const x = axis([bars.lo, bars.hi], this.box.left, this.box.right), y = axis([0, top], this.box.bottom, this.box.top);
    const parts = this.frame(x, y, this.spec.xLabel, width, height);
    const step = (bars.hi - bars.lo) / bars.counts.length, edge = i => x.at(bars.lo + i * step);
    bars.counts.forEach((n, i) => {
      if (n > 0) parts.push(element("rect", { class: "bin", x: edge(i), y: y.at(n), width: Math.max(edge(i + 1) - edge(i) - 0.5, 0.5), height: this.box.bottom - y.at(n) }));
    });
    bars.past.forEach((counts, k) => {
      const d = counts.map((n, i) => (i ? "L" : "M") + edge(i).toFixed(1) + " " + y.at(n).toFixed(1) + "L" + edge(i + 1).toFixed(1) + " " + y.at(n).toFixed(1)).join("");
      parts.push(element("path", { class: "past", "stroke-opacity": 0.15 + 0.55 * (k + 1) / bars.past.length, d }));
    });
    if (bars.lo < 0 && bars.hi > 0) parts.push(element("line", { class: "zero", x1: x.at(0), x2: x.at(0), y1: this.box.top, y2: this.box.bottom }));
    this.svg.replaceChildren(...parts);
    this.x = null;
  }

  // frame is the grid with its labels.
  frame(x, y, xLabel, width, height) {
    const b = this.box, parts = [];
    for (const v of y.ticks) {
      parts.push(element("line", { class: "grid-line", x1: b.left, x2: b.right, y1: y.at(v), y2: y.at(v) }));
      parts.push(element("text", { x: b.left - 6, y: y.at(v) + 4, "text-anchor": "end" }, label(v, y.ticks)));
    }
    for (const v of x.ticks) parts.push(element("text", { x: x.at(v), y: b.bottom + 16, "text-anchor": "middle" }, label(v, x.ticks)));
    parts.push(element("text", { x: (b.left + b.right) / 2, y: height - 3, "text-anchor": "middle" }, xLabel));
    return parts;
  }

  // point moves the cursor to a pixel; null takes it away.
  point(px) {
    if (px === null || !this.x) this.cursor = null;
    else {
      const width = this.svg.getBoundingClientRect().width, at = px * this.svg.viewBox.baseVal.width / width;
      const xs = this.longest();
      if (!xs.length) this.cursor = null;
      else this.cursor = xs.reduce((best, v) => Math.abs(this.x.at(v) - at) < Math.abs(this.x.at(best) - at) ? v : best, xs[0]);
    }
    this.read();
  }

  key(e) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (e.key === "Escape") return this.point(null);
    if (!step || !this.x) return;
    const xs = this.longest();
    if (!xs.length) return;
    const i = this.cursor === null ? xs.length : xs.findLastIndex(v => v <= this.cursor + 1e-12);
    this.cursor = xs[Math.min(Math.max(i + step, 0), xs.length - 1)];
    this.out.setAttribute("aria-live", "polite");
    this.read();
    e.preventDefault();
  }

  longest() { return this.spec.curves.reduce((a, c) => c.xs.length > a.length ? c.xs : a, []); }

  // read writes the values at the cursor, or at the end.
  read() {
    this.svg.querySelectorAll(".cursor").forEach(e => e.remove());
    if (!this.spec || this.spec.bars) { this.out.textContent = this.spec ? this.spec.readout || "" : ""; return; }
    const at = this.cursor, values = [];
    for (const c of this.spec.curves) {
      let i = c.xs.length - 1;
      if (at !== null) while (i > 0 && c.xs[i] > at + 1e-12) i--;
      if (i >= 0) values.push(c.name + " " + text(c.ys[i]));
    }
    if (at !== null && this.x) this.svg.append(element("line", { class: "cursor", x1: this.x.at(at), x2: this.x.at(at), y1: this.box.top, y2: this.box.bottom }));
    const where = at === null ? "" : this.spec.xLabel + " " + text(at) + ": ";
    this.out.textContent = where + values.join("   ");
  }
}
