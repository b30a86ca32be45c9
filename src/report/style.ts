/** @file The page's style sheet: light and dark, from 400 px up, system fonts. Chapter 11. */

import { DARK_THEME, LIGHT_THEME, type Theme } from './theme.ts';

function variables(theme: Theme): string {
  const { phases, ...colors } = theme;
  const entries = Object.entries(colors).map(([name, value]) => `--${name}:${value};`);
  return `${entries.join('')}--phase-1:${phases.babbling};--phase-2:${phases.syntax};--phase-3:${phases.meaning};`;
}

export const STYLE = `
:root{color-scheme:light dark;${variables(LIGHT_THEME)}--panel:#f3f3ef;--wall:#767d85;--warn:#8a5a00;--good:#0a766a;--bad:#b02a37}
@media (prefers-color-scheme:dark){:root{${variables(DARK_THEME)}--panel:#1d2126;--wall:#666e77;--warn:#e3b35a;--good:#57c7b5;--bad:#f08a93}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main,header,footer{max-width:1320px;margin:0 auto;padding:0 clamp(16px,4vw,48px)}
header{padding-top:clamp(32px,6vw,72px)}
h1,h2,h3{line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.9rem,1.2rem + 2.6vw,3.1rem);max-width:24ch;margin:.2em 0 .5em;letter-spacing:-.02em;font-weight:650}
h2{font-size:clamp(1.4rem,1.2rem + .8vw,1.8rem);margin:0 0 .6em;letter-spacing:-.01em;font-weight:650}
h3,h4{font-size:1.02rem;margin:0;font-weight:650}
h4{font-size:.94rem;margin-bottom:.3em}
section>h3{margin-top:2em}
li{margin:.35em 0}
p,ul,dl,.note{max-width:70ch}
p{margin:.7em 0}
ul{padding-left:1.2em}
a{color:var(--blue);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--blue);outline-offset:3px}
.kicker{color:var(--muted);font-size:.9rem;letter-spacing:.02em;margin:0}
.lede{font-size:1.15rem;line-height:1.55}
section{margin-top:clamp(40px,5vw,64px);padding-top:clamp(20px,3vw,32px);border-top:1px solid var(--grid)}
nav{margin:2em 0 0;font-size:.94rem}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.25em 1.2em;padding:0;margin:0}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:1px;background:var(--grid);border:1px solid var(--grid);border-radius:8px;overflow:hidden;margin:2em 0 0;max-width:none}
@media (max-width:1040px){.tiles{grid-template-columns:repeat(3,1fr)}}
@media (max-width:560px){.tiles{grid-template-columns:repeat(2,1fr)}}
.tiles div{background:var(--paper);padding:14px 16px}
.tiles dt{color:var(--muted);font-size:.84rem;line-height:1.3}
.tiles dd{margin:0;font-size:clamp(1.2rem,1rem + .8vw,1.5rem);white-space:nowrap;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,max(340px,40%)),1fr));gap:clamp(28px,4vw,44px) clamp(24px,3vw,40px);margin:1.8em 0}
.figures.three{grid-template-columns:repeat(auto-fit,minmax(min(100%,max(340px,26%)),1fr))}
figure{margin:0;min-width:0;max-width:640px}
figure.overview{max-width:1080px;margin:2em 0 0}
figure.panels{max-width:none;margin:2.4em 0}
figure.panels .figures{margin:1.2em 0 .6em}
figure.panels .figures>div{min-width:0;max-width:640px}
.unit{color:var(--muted);font-size:.86rem;line-height:1.4;margin:.1em 0 .5em}
figure>.unit{max-width:none}
figcaption{color:var(--muted);font-size:.9rem;line-height:1.5;margin-top:.5em;max-width:70ch}
figcaption .source{margin:.3em 0 0}
.source{color:var(--muted);font-size:.78rem;line-height:1.5;margin:.3em 0 1.6em;overflow-wrap:anywhere}
.source a{color:inherit}
.scroll:has(+.source){margin-bottom:0}
svg.plot{display:block;width:100%;height:auto;overflow:visible}
.plot text{white-space:pre}
@media (max-width:720px){.overview svg.wide{display:none}}
@media (min-width:721px){.overview svg.narrow{display:none}}
.worlds{display:flex;align-items:center;gap:clamp(8px,2vw,20px);margin:1.2em 0}
.worlds div{flex:0 1 auto}
.worlds .arrow{font-size:1.6rem;color:var(--muted)}
svg.world{display:block;width:min(calc(var(--cells)*30px),38vw);max-width:100%;height:auto;border-radius:4px}
.world .floor{fill:var(--panel)}.world .lines{stroke:var(--grid);fill:none}
.world .wall{fill:var(--wall);stroke:var(--paper);stroke-width:1}
.world .robot{fill:var(--blue)}.world .marker{fill:var(--orange)}
.world .count{fill:var(--paper);font-size:13px;font-weight:700}.world .unknown{fill:var(--ink);font-size:13px}
.pair{display:inline-flex;align-items:center;gap:8px}.pair svg.world{width:calc(var(--cells)*13px);flex:none}td:has(.pair)~td{vertical-align:middle}
.note{border-left:3px solid var(--warn);background:var(--panel);padding:.7em 1em;border-radius:0 6px 6px 0;margin:1.4em 0}
.note p{margin:0}.note p+p{margin-top:.5em}
.key{display:flex;flex-wrap:wrap;gap:.3em 1.4em;font-size:.88rem;color:var(--muted);padding:0;list-style:none;margin:1em 0 0;max-width:none}
.key svg{width:34px;height:14px;vertical-align:-2px;margin-right:.4em}
.scroll{overflow-x:auto;margin:1.2em 0;border:1px solid var(--grid);border-radius:8px;max-width:100%;width:fit-content}
table{border-collapse:collapse;font-size:.88rem;line-height:1.4;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:10px 14px;color:var(--muted);font-size:.88rem}
caption span{position:sticky;left:14px;display:inline-block;max-width:calc(100vw - 80px)}
th,td{text-align:left;padding:7px 14px;vertical-align:baseline;border-top:1px solid var(--grid)}
th{font-weight:600}tbody th{font-weight:500}thead th{color:var(--muted);vertical-align:bottom}
.number{text-align:right;white-space:nowrap}thead .number{white-space:normal}
.interval{display:block;color:var(--muted);font-size:.92em}
.text{min-width:11em}.long{min-width:20em}.whole{white-space:nowrap}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code.hash{overflow-wrap:anywhere;min-width:0}.program{display:block;min-width:16em}
.badge{display:inline-block;border:1px solid var(--warn);color:var(--warn);border-radius:99px;padding:0 .55em;font-size:.78rem;white-space:nowrap}
.right{color:var(--good);white-space:nowrap}.wrong{color:var(--bad);white-space:nowrap}
.label{white-space:nowrap;margin-right:.7em}
.bar{display:inline-block;min-width:5.5em;padding:0 .3em;background:linear-gradient(to right,var(--phase-3) var(--share),transparent var(--share));border-radius:3px}
svg.dots{display:block;width:150px;height:24px}td:has(.dots){vertical-align:middle}
details{margin:1em 0}summary{cursor:pointer;color:var(--blue)}
dl.glossary{display:grid;grid-template-columns:minmax(9em,13em) 1fr;gap:.5em 1.5em;max-width:90ch}
dl.glossary dt{font-weight:600}dl.glossary dd{margin:0}
@media (max-width:640px){dl.glossary{grid-template-columns:1fr;gap:.1em}dl.glossary dd{margin-bottom:.7em}th,td{padding:6px 10px}}
footer{margin-top:72px;padding-top:20px;padding-bottom:48px;color:var(--muted);font-size:.9rem}
@media print{details>*{display:block}.scroll{overflow:visible}figure,tr{break-inside:avoid}}
`;
