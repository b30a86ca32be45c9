/** @file The page of several seeds: which claims they support. Chapter 11. */
import type { Results } from '../study/results.ts';
import type { ClaimResult, StudyResults } from '../study/study-results.ts';
import { decimal } from './format.ts';
import { type Html, html, raw } from './html.ts';
import { STYLE } from './style.ts';

/** The text of a study's `index.html`, beside which the runs lie in seed-N. */
export function renderStudy(study: StudyResults, _runs: readonly Results[]): string {
  const seeds = study.seeds.join(', ');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>karelscope: ${study.preset}, seeds ${seeds}</title>
<style>${raw(STYLE)}</style></head>
<body><header><p class="kicker">karelscope · ${study.preset} · seeds ${seeds}</p>
<h1>What several seeds say</h1></header>
<main><section id="claims"><h2>Claims</h2>${claimTable(study.claims)}</section></main>
</body></html>
`;
  return page.markup;
}

function claimTable(claims: readonly ClaimResult[]): Html {
  const rows = claims.map(
    ({ claim, verdict, mean, interval, correctedP }) =>
      html`<tr><th scope="row">${claim}</th><td>${verdict}</td><td>${decimal(mean, 3)}</td><td>${interval ? `${decimal(interval.low, 3)} to ${decimal(interval.high, 3)}` : ''}</td><td>${decimal(correctedP, 4)}</td></tr>`,
  );
  return html`<table><thead><tr><th>claim</th><th>verdict</th><th>mean</th><th>95 %</th><th>corrected p</th></tr></thead><tbody>${rows}</tbody></table>`;
}
