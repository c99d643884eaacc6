"""The stylesheet of a dossier: for screens light and dark, narrow and wide, and for paper."""

from __future__ import annotations

import base64
import hashlib

__all__ = ["STYLE", "policy"]

STYLE = """
:root { color-scheme: light dark;
  --ground: #fdfdfb; --ink: #1c1c1a; --quiet: #5d5d57; --rule: #d9d8d1; --sunk: #f3f2ec;
  --link: #0b4f8a; --mark: #ffe58a; --mark-ink: #1c1c1a; --bar: #0072b2; --gap: #e4e2da; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #16171a; --ink: #e6e5df; --quiet: #a3a29b; --rule: #3a3b40; --sunk: #1f2125;
  --link: #8fc4f5; --mark: #6b5606; --mark-ink: #fff6d6; --bar: #56b4e9; --gap: #2b2d32; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.55 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
h1, h2, h3, h4, nav, table, dl, .byline, .note, .chart, footer, figcaption {
  font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 3rem 0 .8rem; padding-top: .9rem;
  border-top: 3px solid var(--ink); }
nav h2 { font-size: 1rem; margin: 1.6rem 0 .3rem; padding: 0; border: 0; }
h3 { font-size: 1.08rem; line-height: 1.3; margin: 2rem 0 .5rem; }
a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .15em; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: .15em; padding: 0 .1em; }
.byline, .note, figcaption, footer { color: var(--quiet); font-size: .88rem;
  margin: .2rem 0 .8rem; }
.id { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em; }
nav ol { margin: .3rem 0; padding-left: 1.6rem; font-size: .92rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: .5rem 0;
  font-size: .92rem; }
dt { color: var(--quiet); } dd { margin: 0; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; margin: .5rem 0; }
th { text-align: left; font-weight: 600; } th, td { padding: .22rem .6rem .22rem 0;
  border-bottom: 1px solid var(--rule); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures { max-width: 42rem; }
.facts { max-width: 46rem; font-size: .8rem; color: var(--quiet); }
.facts th { font-weight: 400; white-space: nowrap; width: 6rem; }
.facts td { border: 0; } .facts th { border: 0; }
.facts th, .facts td { padding-top: .05rem; padding-bottom: .05rem; }
.from { font-style: italic; }
figure { margin: .5rem 0 1rem; }
.chart { display: block; width: 100%; max-width: 52rem; height: auto; font-size: 12px; }
.chart text { fill: var(--quiet); } .bar { fill: var(--bar); } .gap { fill: var(--gap); }
.grid { stroke: var(--rule); stroke-width: 1; }
.lines { font-size: .8rem; } .lines td { padding-right: .5rem; }
.lines .when { white-space: nowrap; width: 1%; }
.lines .where { color: var(--quiet); width: 11%; min-width: 6.5rem; }
.lines .left { text-align: right; width: 40%; } .lines .right { padding-left: .1rem; width: 40%; }
.lines .match { text-align: center; padding-left: .1rem; white-space: nowrap; }
article { margin: 2.2rem 0 0; padding-top: 1.1rem; border-top: 1px solid var(--rule); }
article h3 { margin: 0 0 .2rem; font-size: 1.2rem; }
.text { max-width: 40rem; } .text p { margin: 0 0 .8rem; }
pre { white-space: pre-wrap; background: var(--sunk); border: 1px solid var(--rule);
  padding: .8rem 1rem; font: .8rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 46rem) {
  body { padding: 1.2rem .9rem 3rem; } h1 { font-size: 1.5rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  .lines thead { display: none; } .lines tr { display: block; padding: .35rem 0;
    border-bottom: 1px solid var(--rule); }
  .lines td { display: inline; border: 0; padding: 0; white-space: normal; }
  .lines .when, .lines .where { padding-right: .35rem; } }
@media print { :root { color-scheme: light;
  --ground: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --sunk: #fff; --link: #000;
  --mark: #e4e4e4; --mark-ink: #000; --bar: #444; --gap: #e4e4e4; }
  @page { margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.4; }
  h1, h2, h3, dt, .byline { break-after: avoid; } tr, figure { break-inside: avoid; }
  thead { display: table-header-group; } nav { display: none; } .text { max-width: none; }
  mark { text-decoration: underline; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .bar, .gap { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  article h3 a[href^="http"]::after { content: " (" attr(href) ")"; font-weight: 400;
    font-size: 8pt; } p { orphans: 3; widows: 3; } }
"""
"""Nothing of an article goes into it, so that its hash is the same for all dossiers."""


def policy() -> str:
    """The content security policy of a page with this style: it loads and runs nothing."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
