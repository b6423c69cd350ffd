/// The look of pages: the colours and type of the pictures.
enum HTMLStyle {
  static let text = """
    :root { color-scheme: light dark; --text: \(Theme.text.light); --muted: \(Theme.muted.light); --line: \(Theme.grid.light); --page: \(Theme.background.light); --panel: \(Theme.land.light); --accent: \(Theme.series(0).light); }
    @media (prefers-color-scheme: dark) { :root { --text: \(Theme.text.dark); --muted: \(Theme.muted.dark); --line: \(Theme.grid.dark); --page: \(Theme.background.dark); --panel: \(Theme.land.dark); --accent: \(Theme.series(0).dark); } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 \(Theme.fontFamily); }
    main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.01em; }
    h2 { font-size: 1.4rem; line-height: 1.25; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 2px solid var(--text); }
    h3 { font-size: 1.12rem; line-height: 1.35; margin: 0; }
    p, ul, ol, blockquote { max-width: 44rem; margin: .6rem 0; }
    a { color: var(--accent); }
    code { font-family: ui-monospace, 'Liberation Mono', monospace; font-size: .92em; }
    pre { background: var(--panel); padding: .8rem 1rem; overflow-x: auto; }
    blockquote { border-left: 3px solid var(--line); padding-left: 1rem; color: var(--muted); }
    nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; margin: 0 0 1.8rem; padding: 0; max-width: none; font-size: .92rem; }
    section { margin: 1.6rem 0 2.6rem; }
    .sub { color: var(--muted); margin: .15rem 0 .4rem; font-size: .92rem; }
    figure { margin: .6rem 0 0; }
    svg { display: block; width: 100%; height: auto; }
    svg:focus-visible, .scroll:focus-visible, button:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    svg .on { stroke: var(--text); stroke-width: 2; vector-effect: non-scaling-stroke; }
    .tip { min-height: 1.5em; margin: .1rem 0; font-size: .88rem; font-variant-numeric: tabular-nums; }
    details { margin-top: .5rem; font-size: .94rem; }
    summary { cursor: pointer; color: var(--muted); font-size: .88rem; width: fit-content; }
    details[open] summary { margin-bottom: .5rem; }
    .scroll { overflow-x: auto; margin-top: .5rem; }
    table { border-collapse: collapse; font-size: .94rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem 1rem .3rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: baseline; }
    td + td:not(.n), th.n + th:not(.n), th + td:not(.n) { padding-left: 1rem; }
    th.n, td.n { text-align: right; padding: .3rem 0 .3rem 1rem; }
    thead th { border-bottom: 2px solid var(--muted); vertical-align: bottom; line-height: 1.3; }
    tbody th { font-weight: normal; min-width: 9rem; }
    tbody tr:hover { background: var(--panel); }
    thead button { all: unset; cursor: pointer; font: inherit; }
    thead th:not(.n) button::after, thead th.n button::before { content: "\\2195"; color: var(--muted); padding: 0 .3em; font-weight: normal; font-size: .85em; }
    thead th[aria-sort=ascending] button::after, thead th.n[aria-sort=ascending] button::before { content: "\\2191"; color: var(--accent); }
    thead th[aria-sort=descending] button::after, thead th.n[aria-sort=descending] button::before { content: "\\2193"; color: var(--accent); }
    thead th.n[aria-sort] button::after { content: none; }
    abbr { text-decoration: none; cursor: help; }
    .unit, .withheld, .missing, footer { color: var(--muted); }
    .unit { font-weight: normal; font-size: .85em; }
    th .unit { display: block; }
    footer { font-size: .82rem; line-height: 1.45; margin-top: .5rem; }
    footer p { margin: .1rem 0; max-width: none; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); margin: .7rem 0; padding: 1px 0 0 1px; }
    .figures div { border: 1px solid var(--line); margin: -1px 0 0 -1px; padding: .7rem .9rem; }
    .figures dt { color: var(--muted); font-size: .84rem; line-height: 1.3; }
    .figures dd { margin: .15rem 0 0; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
    .figures .name dd { font-size: 1.1rem; padding-top: .25rem; }
    @media (max-width: 40rem) { main { padding: 1.2rem .9rem 3rem; } h1 { font-size: 1.6rem; } }
    @media print {
      :root { --text: #000; --muted: #444; --line: #ccc; --page: #fff; --panel: #fff; --accent: #000; }
      main { max-width: none; padding: 0; }
      body { font-size: 10.5pt; }
      nav, details, .tip { display: none; }
      h2, h3 { break-after: avoid; }
      figure, .figures, tr { break-inside: avoid; }
      thead { display: table-header-group; }
      thead th button::after, thead th button::before { content: none !important; }
      .scroll { overflow: visible; }
      @page { margin: 18mm; }
    }

    """
}
