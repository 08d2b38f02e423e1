/**
 * The page's only style sheet. `printed` is the footer of each printed page: a constant text without quotes. Every pair of
 * colours has a contrast of at least 4.5 for text and 3 for graphics. Bars are images, not backgrounds, which browsers
 * leave out in print.
 */
export function reportStyle(printed: string): string {
  return `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --track: #eef1f4;
  --fill: #4a86c5; --whisker: #0b1a2b; --notice: #fff4d6; --notice-line: #9a6700; --link: #0a58ad; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --text: #e6e8eb; --soft: #a3adb8; --line: #363d46;
  --track: #222931; --fill: #3f78b5; --whisker: #f4f7fa; --notice: #332a10; --notice-line: #d4a72c; --link: #7ab7ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto,
  "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 0 0 .25rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
code { font: .85em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.notice { background: var(--notice); border: 1px solid var(--notice-line); border-left-width: .4rem;
  border-radius: .3rem; padding: .5rem 1rem; }
.soft, figcaption, caption { color: var(--soft); font-size: .9rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem 1.5rem; margin: 1.25rem 0; }
.facts dt { color: var(--soft); font-size: .85rem; }
.facts dd { margin: 0; font-weight: 600; }
.methods { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .2rem 1rem; margin: .5rem 0 1rem; }
.methods dt { color: var(--soft); }
.methods dd { margin: 0; }
nav ol { columns: 17rem; column-gap: 1.5rem; padding: 0; font-size: .9rem; }
nav li { break-inside: avoid; margin: 0 0 .2rem 2.6em; }
nav p a { display: inline-block; margin-right: 1rem; }
.question { margin: 0 0 2rem; break-inside: avoid; }
.question.long { break-inside: auto; }
.stem { color: var(--soft); margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; padding: .25rem 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th { text-align: left; font-weight: 400; }
thead th { color: var(--soft); font-size: .82rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th, td { padding: .2rem .6rem .2rem 0; vertical-align: middle; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.plain tbody tr { border-bottom: 1px solid var(--line); }
.plain th[scope=row] { min-width: 10rem; }
.bars th[scope=row] { min-width: 6rem; }
.bars .drawn { width: 40%; }
.chart th[scope=row] { width: 32%; }
.chart .drawn { width: 40%; }
svg { display: block; width: 100%; height: 1.15rem; }
.track { fill: var(--track); }
.fill { fill: var(--fill); }
.tick { stroke: var(--line); stroke-width: 1px; vector-effect: non-scaling-stroke; }
.whisker { stroke: var(--whisker); stroke-width: 1.5px; fill: none; vector-effect: non-scaling-stroke; }
.people { fill: var(--soft); }
pre { font: .85em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
@media (max-width: 40rem) { pre { white-space: pre-wrap; } }
.segment { stroke: var(--page); stroke-width: 1px; vector-effect: non-scaling-stroke; }
.legend { font-size: .9rem; }
.legend span { display: inline-flex; align-items: center; gap: .35rem; margin-right: .9rem; }
.legend svg { width: .9rem; height: .9rem; }
.verbatims summary { cursor: pointer; color: var(--link); }
.verbatims li { margin: .2rem 0; }
blockquote { margin: .35rem 0; padding-left: .75rem; border-left: 3px solid var(--line); white-space: pre-wrap; }
@media (max-width: 40rem) {
  .methods { grid-template-columns: 1fr; }
  .methods dd { margin-bottom: .4rem; }
  .chart { display: grid; grid-template-columns: minmax(3rem, 1fr) repeat(4, auto); column-gap: .75rem; }
  .chart caption { grid-column: 1 / -1; }
  .chart thead, .chart tbody, .chart tr { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: center; }
  .chart tr { padding: .25rem 0; }
  .chart thead th:first-child { display: none; }
  .chart th[scope=row] { grid-column: 1 / -1; width: auto; padding: 0; }
  .chart td, .chart thead th { padding: 0; }
  .chart .drawn { width: auto; }
  .plain, .plain caption:not(.unseen), .plain tbody { display: block; }
  .plain thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .plain tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.5rem, 1fr)); gap: .2rem .75rem;
    align-items: end; padding: .4rem 0; }
  .plain th[scope=row], .plain .drawn { grid-column: 1 / -1; width: auto; padding: 0; }
  .plain td { padding: 0; text-align: left; white-space: normal; }
  .plain td:empty { display: none; }
  .plain td[data-heading]::before { content: attr(data-heading); display: block; color: var(--soft); font-size: .82rem; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --text: #000; --soft: #444; --line: #bbb; --track: #eee; --fill: #4a86c5;
    --whisker: #0b1a2b; --notice: #fff; --notice-line: #000; --link: #000; }
  @page { margin: 18mm 15mm 20mm; @bottom-left { content: "${printed}"; font: 9pt sans-serif; }
    @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  a { text-decoration: none; }
  h2, h3 { break-after: avoid; }
  tr { break-inside: avoid; }
  .track, .fill { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
}
