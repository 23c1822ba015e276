// Draws the charts of the figures from the tables beside them. Without this script the tables
// say the same.

const SERIES = 3;
const TEXT = 16;
const ROW = 48;
const PATTERNS = [
  { symbol: "none" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4 },
  { symbol: "circle", symbolSize: 0.6, dashArrayX: [[6, 6]], dashArrayY: 6 },
];

/** @param {HTMLElement} figure */
function coloursOf(figure) {
  const style = getComputedStyle(figure);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    ink: of("--color-ink"),
    line: of("--color-line"),
    ground: of("--color-raised"),
    font: of("--font"),
    series: Array.from({ length: SERIES }, (_, place) => of(`--series-${place}`)),
  };
}

/**
 * @param {HTMLTableElement} table
 * @param {number[]} columns
 */
function readOf(table, columns) {
  const rows = [...table.tBodies[0].rows];
  return {
    names: rows.map((row) => row.cells[0].textContent),
    series: columns.map((column) => ({
      name: table.tHead.rows[0].cells[column].textContent,
      values: rows.map((row) => {
        const { value } = row.cells[column].dataset;
        return value === undefined ? null : Number(value);
      }),
    })),
  };
}

/** @param {string} form */
function optionOf(form, read, colours) {
  const text = { color: colours.ink, fontSize: TEXT, fontFamily: colours.font };
  const across = form === "across";
  const names = {
    type: "category",
    data: across ? read.names : read.names.map((name) => name.replace(/^\d+-/, "")),
    inverse: across,
    axisLabel: { ...text, ...(across ? { width: 136, overflow: "break" } : {}) },
    axisLine: { lineStyle: { color: colours.ink } },
    axisTick: { show: false },
  };
  const numbers = {
    type: "value",
    minInterval: 1,
    axisLabel: text,
    splitLine: { lineStyle: { color: colours.line } },
  };
  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true },
    xAxis: across ? numbers : names,
    yAxis: across ? names : numbers,
    series: read.series.map((row, place) => seriesOf(form, row, place, colours, text)),
  };
}

function seriesOf(form, row, place, colours, text) {
  const color = colours.series[place];
  if (form === "line") {
    return {
      type: "line",
      data: row.values,
      symbol: ["circle", "diamond", "triangle"][place],
      symbolSize: 10,
      itemStyle: { color },
      lineStyle: { color, width: 3, type: ["solid", "dashed", "dotted"][place] },
    };
  }
  return {
    type: "bar",
    data: row.values,
    barMaxWidth: 32,
    itemStyle: { color, decal: { color: colours.ground, ...PATTERNS[place] } },
    label: { ...text, show: form === "across", position: "right" },
  };
}

/** @param {string[]} names */
function legendOf(names) {
  const list = document.createElement("ul");
  list.className = "chart-legend";
  names.forEach((name, place) => {
    const swatch = document.createElement("span");
    swatch.className = `swatch swatch-${place}`;
    const row = document.createElement("li");
    row.append(swatch, name);
    list.append(row);
  });
  return list;
}

/** @param {HTMLElement} figure */
function draw(figure) {
  const { chart: form, columns, table, words } = figure.dataset;
  const found = document.querySelector(`[data-figures="${table}"]`);
  const read = readOf(/** @type {HTMLTableElement} */ (found), columns.split(",").map(Number));
  const drawing = document.createElement("div");
  drawing.className = "chart-drawing";
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", words);
  if (form === "across") {
    drawing.style.height = `${(read.names.length * read.series.length * ROW) / 2 + 72}px`;
  }
  if (read.series.length > 1) figure.append(legendOf(read.series.map((row) => row.name)));
  figure.append(drawing);
  figure.hidden = false;

  const chart = globalThis.echarts.init(drawing);
  const show = () => chart.setOption(optionOf(form, read, coloursOf(figure)), true);
  const onPaper = (is) => {
    figure.classList.toggle("on-paper", is);
    show();
  };
  show();
  new ResizeObserver(() => chart.resize()).observe(drawing);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));
}

for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
