/** The page's style sheet: light and dark by what the reader's system wishes. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --ink: #1a2230; --soft: #5c6776; --rule: #e3e7ec; --grid: #edf0f3;
  --blue: #2f6de0; --band1: #2f6de0aa; --band2: #2f6de055; --band3: #2f6de026; --offered: #8a94a3;
  --good: #12805c; --good-soft: #e2f4ec; --bad: #c8362b; --bad-soft: #fdeae8; --warn: #b26a00; --warn-soft: #fdf1dc;
  --ok: #2b9c74; --stale: #e0b23c; --limited: #e2833a; --timeout: #d0492f; --open: #8a5bc7; --error: #8f1f2f;
  --memory: #2f6de0; --redis: #3fa7a0; --shared: #8fb4f5; --miss: #c3cad4; --unknown: #e3e7ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141b; --card: #181e27; --ink: #e6eaf0; --soft: #98a3b3; --rule: #2a323e; --grid: #232a35;
    --blue: #6ea0ff; --band1: #6ea0ff99; --band2: #6ea0ff55; --band3: #6ea0ff28; --offered: #8391a5;
    --good: #5fd3a5; --good-soft: #163429; --bad: #ff8076; --bad-soft: #40201f; --warn: #f2b457; --warn-soft: #3a2d14;
    --ok: #46b98e; --stale: #d9b14a; --limited: #e8914d; --timeout: #ea6a50; --open: #a985e0; --error: #c94a5c;
    --memory: #6ea0ff; --redis: #4fb8b0; --shared: #3d5f9e; --miss: #4a5463; --unknown: #2a323e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 32px 20px 56px; }
header { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 36px 0 12px; }
h3 { font-size: 15px; margin: 0; }
.sub { color: var(--soft); margin: 6px 0 0; overflow-wrap: anywhere; }
.verdict { font-weight: 600; padding: 3px 12px; border-radius: 999px; }
.good { color: var(--good); } .bad { color: var(--bad); }
.verdict.good { background: var(--good-soft); } .verdict.bad { background: var(--bad-soft); } .verdict.warn { background: var(--warn-soft); color: var(--warn); }
.warning { background: var(--warn-soft); color: var(--warn); border-radius: 10px; padding: 10px 16px; margin: 18px 0 0; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 12px; margin: 24px 0 12px; }
.tile, figure, .card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 21px; line-height: 1.3; font-variant-numeric: tabular-nums; white-space: nowrap; letter-spacing: -0.01em; }
.tile span { color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 14px; }
figure { margin: 0; padding: 16px 16px 10px; display: flex; flex-direction: column; }
figure.wide { grid-column: 1 / -1; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; margin-bottom: 10px; }
figure svg { width: 100%; height: auto; display: block; }
.note { color: var(--soft); font-size: 12.5px; margin: auto 0 0; padding-top: 8px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; color: var(--soft); font-size: 13px; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.card { padding: 4px 16px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: right; font-weight: 500; color: var(--soft); font-size: 13px; }
th, td { padding: 8px 10px; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
td.words { white-space: normal; overflow-wrap: anywhere; text-align: left; }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 14px; align-items: start; }
pre { margin: 0; padding: 12px 0; font: 12.5px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-x: auto; }
details summary { cursor: pointer; padding: 12px 0; font-weight: 600; }
svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--rule); }
svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; } svg .tick { fill: var(--soft); font-variant-numeric: tabular-nums; }
svg .name { font-size: 13px; } svg .tick, svg .name { dominant-baseline: auto; }
svg .mark { stroke: var(--ink); stroke-dasharray: 3 3; opacity: .55; } svg .mark-label { font-size: 11.5px; fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.s-median { stroke: var(--blue); } .s-p99 { stroke: var(--blue); stroke-width: 1; opacity: .7; } .s-offered { stroke: var(--offered); } .s-bad { stroke: var(--bad); }
svg .hints rect { fill: transparent; } svg .hints rect:hover { fill: var(--ink); opacity: .07; }
${[
  ['median', 'blue'],
  ['band1', 'band1'],
  ['band2', 'band2'],
  ['band3', 'band3'],
  ['offered', 'offered'],
  ['bad', 'bad'],
  ['ok', 'ok'],
  ['stale', 'stale'],
  ['rate_limited', 'limited'],
  ['timeout', 'timeout'],
  ['circuit_open', 'open'],
  ['error', 'error'],
  ['tier-memory', 'memory'],
  ['tier-redis', 'redis'],
  ['tier-shared', 'shared'],
  ['tier-miss', 'miss'],
  ['tier-unknown', 'unknown'],
]
  .map(([name, colour]) => `.c-${name} { fill: var(--${colour}); background: var(--${colour}); }`)
  .join('\n')}
@media (max-width: 760px) { .charts, .two { grid-template-columns: minmax(0, 1fr); } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } main { padding: 20px 14px 40px; } h1 { font-size: 23px; } }
@media print { body { background: none; } figure, .tile, .card { break-inside: avoid; } }
`
