/** How a page looks: one accent, figures in columns, light and dark, on a phone and on paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f7f9; --rule: #e1e4ea; --text: #1b1f27; --quiet: #545c69;
  --accent: #2f5fd0; --pass: #176f3a; --fail: #b3261e; --warn: #8a5300; --open: #545c69;
  --pass-soft: #e4f4ea; --fail-soft: #fdeae8; --warn-soft: #fdf1dd; --open-soft: #eceef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --raised: #1c2027; --rule: #303641; --text: #e7eaf0; --quiet: #a5adba;
    --accent: #8fb0ff; --pass: #7fd6a0; --fail: #ff9d94; --warn: #f0bf6c; --open: #b4bcc9;
    --pass-soft: #17301f; --fail-soft: #3a1d1b; --warn-soft: #35290f; --open-soft: #262b34;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 68rem; background: var(--paper); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums;
}
h1, h2, h3 { line-height: 1.35; margin: 0; font-weight: 600; }
.kind { margin: 0 0 .75rem; color: var(--quiet); font-size: .875rem; }
.said { font-size: 1.3rem; font-weight: 450; max-width: 54rem; overflow-wrap: anywhere; }
h3.said { font-size: 1.05rem; margin: .75rem 0 1.25rem; }
.badge { display: table; margin-bottom: .9rem; padding: .2rem .85rem; border-radius: .5rem; font-weight: 650; }
h3 .badge { margin-bottom: .5rem; }
.badge.pass, .verdict.pass { color: var(--pass); background: var(--pass-soft); }
.badge.fail, .badge.invalid, .verdict.fail, .verdict.invalid { color: var(--fail); background: var(--fail-soft); }
.badge.warn, .verdict.warn { color: var(--warn); background: var(--warn-soft); }
.badge.inconclusive, .verdict.inconclusive { color: var(--open); background: var(--open-soft); }
.verdict { padding: .1rem .5rem; border-radius: .35rem; font-size: .875rem; font-weight: 550; white-space: nowrap; }
main > section, article > section { margin: 1.75rem 0; }
article { margin-top: 3rem; padding-top: 2rem; border-top: 1px solid var(--rule); }
h2.part { font-size: 1.2rem; }
details.fold { border-top: 1px solid var(--rule); }
details.fold > summary { padding: .95rem 0; cursor: pointer; }
details.fold[open] { padding-bottom: 1.5rem; }
summary h2 { display: inline; font-size: 1rem; font-weight: 550; }
summary::marker { color: var(--quiet); }
summary:hover h2 { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .2rem; }
code { font: .9em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--raised); padding: .85rem 1rem; border-radius: .5rem; overflow-x: auto; margin: .75rem 0; }
.scroll { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .42rem .75rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: baseline; }
th[align=right], td[align=right] { text-align: right; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 500; font-size: .82rem; white-space: nowrap; }
tbody th, tfoot th { font-weight: 450; min-width: 10rem; }
tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
.decides, .warns { color: var(--fail); }
ul { padding-left: 1.2rem; margin: .6rem 0; }
ul.entries { list-style: none; padding: 0; }
ul.entries > li { padding: .55rem 0; }
ul.entries p { margin: .25rem 0 0; color: var(--quiet); max-width: 54rem; }
ul.asides, .aside, .more { color: var(--quiet); font-size: .9rem; }
ul.lines { list-style: none; padding-left: 0; }
p, li { overflow-wrap: anywhere; }
dl { margin: .5rem 0; }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .2rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
svg.spark { display: block; }
.plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.75rem 2.5rem; margin: 1rem 0 2rem; }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 550; font-size: .95rem; margin-bottom: .35rem; }
svg.plot { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; }
svg text { font-variant-numeric: tabular-nums; }
svg .main, svg .middle, svg .faint { stroke: var(--accent); }
svg .middle { stroke-opacity: .65; }
svg .faint { stroke-opacity: .4; }
svg .side { stroke: var(--quiet); }
svg .bad, svg .limit { stroke: var(--fail); }
svg .area { stroke: none; }
svg .main.area, svg .middle.area, svg .faint.area { fill: var(--accent); }
svg .side.area, svg .shade { fill: var(--quiet); }
svg .bad.area, svg .limit-label { fill: var(--fail); }
svg .axis { stroke: var(--rule); }
svg .zero { stroke: var(--quiet); }
svg .label { fill: var(--quiet); }
svg .name { fill: var(--text); }
svg .limit-label, svg .name.over { stroke: var(--paper); }
svg .cross { stroke: var(--text); stroke-width: 1; }
figure { position: relative; }
output { position: absolute; top: 0; right: 0; font-size: .78rem; color: var(--quiet); background: var(--paper); padding: .15rem 0 .15rem .5rem; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
thead button:hover { color: var(--text); }
[aria-sort=ascending] button::after { content: " ↑"; }
[aria-sort=descending] button::after { content: " ↓"; }
input[type=search] { font: inherit; font-size: .9rem; padding: .3rem .6rem; margin: .25rem 0; border: 1px solid var(--quiet); border-radius: .35rem; background: var(--paper); color: var(--text); }
svg .floor { stroke: var(--quiet); }
figure.course svg { cursor: crosshair; }
h3.of { margin: 1.5rem 0 .5rem; font-size: 1rem; }
details.behind { margin-top: .35rem; font-size: .85rem; }
details.behind > summary { color: var(--quiet); cursor: pointer; }
details.behind .scroll { max-height: 22rem; overflow: auto; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .said { font-size: 1.12rem; }
  .plots { grid-template-columns: minmax(0, 1fr); }
  dl > div { grid-template-columns: 1fr; gap: 0; }
  dt { font-size: .85rem; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  details.fold, figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
}
@media print { details::details-content { content-visibility: visible; block-size: auto; } }
`;
