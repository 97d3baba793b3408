import { html } from "./html.ts";

/** The page's one style sheet. Colours in pairs whose contrast is 4.5 or more in both schemes. */
export const STYLE = html`
:root{color-scheme:light dark;--paper:#f7f8f8;--card:#fff;--ink:#1b1f24;--soft:#566069;--line:#d5dade;--link:#0a5399;
--good:#17663a;--good-bg:#e4f4ea;--warn:#744600;--warn-bg:#fdf1d8;--bad:#a3201a;--bad-bg:#fdeae8;--swap:#6a2d9e;--swap-bg:#f3eafb;--info:#0b4f94;--info-bg:#e6f0fa;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#121518;--card:#1a1e22;--ink:#e4e7ea;--soft:#a3acb5;--line:#353c43;--link:#85bdf7;
--good:#82d6a0;--good-bg:#132c1e;--warn:#f0c374;--warn-bg:#31260f;--bad:#ff9d95;--bad-bg:#391a19;--swap:#d3acf6;--swap-bg:#2b1c3a;--info:#93c4f8;--info-bg:#13273c}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header,.columns,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.25rem}
header p{margin:0}
h1{font-size:1.65rem;line-height:1.2;margin:0 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;line-height:1.3;margin:2.25rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.25rem 0 .5rem;overflow-wrap:anywhere}
p{margin:.35rem 0}
ul,ol,dl,dd{margin:0;padding:0;list-style:none}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,.diff,.type,.props dt,.urn code{font-family:var(--mono);font-size:.86em;overflow-wrap:anywhere}
.soft,.type,.count,.note,.urn{color:var(--soft)}
.type{font-weight:400}
.count{font-size:.8rem;font-weight:400}
.urn,.note{font:.85rem/1.5 system-ui,sans-serif}
.said{white-space:pre-line;overflow-wrap:anywhere}
.symbols{position:absolute;width:0;height:0}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:2}
.banner{margin:0;padding:.5rem 1rem;text-align:center;background:var(--info-bg);color:var(--info);border-bottom:1px solid var(--line)}
nav ul{display:flex;flex-wrap:wrap;gap:.15rem .9rem;margin-bottom:1rem}
nav a{text-decoration:none;display:inline-block;padding:.15rem 0}
nav a:hover{text-decoration:underline}
@media (min-width:64rem){.columns{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:2rem}
nav ul{position:sticky;top:1rem;display:block}nav li{margin:.2rem 0}}
main>:first-child h2{margin-top:0}
.panel,.card,.change,.filters{background:var(--card);border:1px solid var(--line);border-radius:8px}
.panel,.card{padding:.9rem 1.1rem}
.panel{border-left:5px solid var(--soft)}
.panel.good{border-left-color:var(--good)}.panel.warn{border-left-color:var(--warn)}.panel.bad{border-left-color:var(--bad)}
.panel h3{margin:0 0 .25rem}
.panels>li{margin:.6rem 0}
.verdict{font-size:1.3rem;font-weight:650;margin:0}
.good>.verdict{color:var(--good)}.warn>.verdict{color:var(--warn)}.bad>.verdict{color:var(--bad)}
.alarm{background:var(--bad-bg);color:var(--bad);padding:.4rem .7rem;border-radius:6px;font-weight:600;overflow-wrap:anywhere}
.alarm a{color:inherit}
.tally{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline;margin:.7rem 0}
.facts>div{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:.1rem 1rem;padding:.3rem 0;border-top:1px solid var(--line)}
.facts dt{color:var(--soft)}
.facts dd{overflow-wrap:anywhere}
.parts>div{grid-template-columns:17rem minmax(0,1fr)}
.commands{margin:.9rem 0}
.commands dt{font-weight:600;margin-top:.5rem}
.command,.digest{display:block;padding:.5rem .7rem;background:var(--paper);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;user-select:all}
.op{display:inline-block;font:600 .78rem/1.5 var(--mono);padding:0 .45rem;border-radius:4px;background:var(--info-bg);color:var(--info);white-space:nowrap}
.op i{font-style:normal;margin-right:.35rem}
.op.create{background:var(--good-bg);color:var(--good)}.op.update,.op.forget{background:var(--warn-bg);color:var(--warn)}
.op.replace{background:var(--swap-bg);color:var(--swap)}.op.delete{background:var(--bad-bg);color:var(--bad)}
.tag{display:inline-block;font-size:.75rem;font-weight:600;padding:0 .45rem;border:1px solid currentColor;border-radius:999px;color:var(--soft);white-space:nowrap}
.tag.data,.tag.critical,.tag.high{color:var(--bad)}.tag.medium{color:var(--warn)}
.plain li{padding:.12rem 0;overflow-wrap:anywhere}
.found>li{padding:.2rem 0;overflow-wrap:anywhere}
.remedy{background:var(--good-bg);padding:.4rem .7rem;border-radius:6px;white-space:pre-line;overflow-wrap:anywhere}
.risks>li{padding:.6rem 0 .6rem 1rem;border-left:4px solid var(--line);margin:.6rem 0}
.risks>.bad{border-color:var(--bad)}.risks>.warn{border-color:var(--warn)}
.risks p{margin:0}
.filters{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:.3rem .9rem .6rem;margin:0 0 .5rem}
.filters legend{font-size:.85rem;color:var(--soft);padding:0 .3rem}
.filters label{white-space:nowrap}
input{accent-color:var(--link)}
.change{margin:.4rem 0}
.here{scroll-margin-top:4rem}
.change:has(:target){border-color:var(--link);box-shadow:0 0 0 2px var(--link)}
.on-delete{border-left:4px solid var(--bad)}.on-replace{border-left:4px solid var(--swap)}
summary{cursor:pointer}
.change>details>summary{display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline;padding:.45rem .8rem;list-style:none}
.change>details>summary::-webkit-details-marker{display:none}
.change>details>summary::before{content:"▸" / "";width:.8rem;color:var(--soft)}
.change>details[open]>summary::before{content:"▾" / ""}
.what{flex:1 1 16rem;min-width:0;overflow-wrap:anywhere}
.remarks{display:flex;gap:.5rem;align-items:baseline;font-size:.85rem}
.change .urn,.change>details>.note{padding:0 .8rem .4rem;margin:0}
.props>div{display:grid;grid-template-columns:minmax(8rem,15rem) minmax(0,1fr);gap:.1rem .9rem;padding:.35rem .8rem;border-top:1px solid var(--line)}
.card .props>div:first-child,.panel .props>div:first-child{border-top:0}
.card .props>div,.panel .props>div{padding-left:0;padding-right:0}
.props dt{color:var(--soft)}
.why{display:inline-block;font:600 .75rem/1.4 system-ui,sans-serif;color:var(--swap)}
.diff{line-height:1.5;min-width:0}
.diff del,.diff ins,.diff div{display:grid;grid-template-columns:1.2rem minmax(0,1fr);text-decoration:none;padding:0 .3rem;border-radius:3px}
.diff div>span:only-child{grid-column:1/-1}
.diff span{white-space:pre-wrap;overflow-wrap:anywhere}
.diff i{font-style:normal;user-select:none}
.diff del{background:var(--bad-bg);color:var(--bad)}.diff ins{background:var(--good-bg);color:var(--good)}
.diff .note{margin:.1rem .3rem}
.diff b{font-weight:700;text-decoration:underline;text-underline-offset:.2em}
.diff .mark{font:italic 1em/1.4 system-ui,sans-serif;color:var(--soft)}
.diff del .mark,.diff ins .mark{color:inherit}
.lock{width:.7em;height:.85em;margin-right:.3em;fill:currentColor;vertical-align:-.05em}
.fold>summary{color:var(--soft);font:.82rem/1.6 system-ui,sans-serif;padding-left:.3rem}
.scroll{overflow-x:auto}
.graph rect{fill:var(--card);stroke:var(--soft)}
.graph text{fill:var(--ink);font:13px var(--mono);text-anchor:middle}
.graph .focus rect{stroke:var(--link);stroke-width:3}
.graph .focus text{font-weight:700}
.edges path{fill:none;stroke:var(--soft);stroke-width:1.5}
.timeline li{display:grid;grid-template-columns:14rem minmax(0,1fr);gap:0 1rem;padding:.2rem 0}
.timeline time{color:var(--soft)}
footer{padding-top:1.5rem;padding-bottom:2rem}
@media screen{${["create", "update", "replace", "delete", "import", "read", "forget"].map(
  (operation) => html`#changes:has(#show-${operation}:not(:checked)) .on-${operation}{display:none}
`,
)}}
#changes:has(#expand:checked) .change details::details-content{content-visibility:visible;block-size:auto}
@media (max-width:40rem){.facts>div,.parts>div,.props>div,.timeline li{grid-template-columns:minmax(0,1fr)}
.panel,.card{padding:.75rem .8rem}h1{font-size:1.35rem}.what{flex-basis:100%;order:3}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#999;--link:#000;--good:#0c4a27;--good-bg:#eef7f1;--warn:#573400;--warn-bg:#fbf5e6;--bad:#8a130e;--bad-bg:#fcf0ef;--swap:#4f1e79;--swap-bg:#f6f0fb;--info:#083b70;--info-bg:#eef4fb}
body{font-size:9.5pt}nav,.skip,.filters,.scroll:empty{display:none}.columns{display:block}
details::details-content{content-visibility:visible;block-size:auto}
.change.change>details>summary::before,.fold>summary::marker{content:""}
.panel,.risks>li,.props>div,.timeline li{break-inside:avoid}h2,h3,summary{break-after:avoid}
header,.columns,footer{max-width:none;padding:0}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
