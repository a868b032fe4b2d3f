// checks.mjs - what every page must hold, at whatever width, with and without scripts.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const widths = [320, 390, 720, 768, 901, 1100, 1280, 1920];
const FIRST_VIEW_BYTES = 100_000; // look.md section 10
const SHIFT_MAX = 0.02;

// The browser's own PDF viewer is an extension of it. Listens from the page's birth: what it asked for, what it complained about.
export function watch(page, origin) {
  const seen = { problems: [], bytes: 0, views: 0 };
  page.on('framenavigated', (frame) => { if (frame === page.mainFrame()) seen.views++; });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:', 'about:', 'chrome-extension:', 'chrome:'].includes(url.protocol) && url.origin !== origin) seen.problems.push(`asks another host: ${url.href.slice(0, 80)}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && /\/assets\//.test(response.url())) seen.problems.push(`${response.status()} for ${response.url()}`);
  });
  page.on('console', (message) => {
    // The browser itself reports the status of an error page we mean to see.
    if (message.type() === 'error' && !/status of 4\d\d|status of 503/.test(message.text())) seen.problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.problems.push(`script: ${error.message}`));
  page.on('requestfinished', async (request) => {
    // Without pictures; a map is one.
    if ((request.resourceType() === 'image' && !request.url().endsWith('.svg')) || request.url().includes('/ban-do/')) return;
    const sizes = await request.sizes().catch(() => null);
    if (sizes) seen.bytes += sizes.responseBodySize + sizes.responseHeadersSize;
  });
  return seen;
}

async function structure(page) {
  return page.evaluate(() => {
    const problems = [];
    const h1 = [...document.querySelectorAll('h1')].filter((e) => e.getClientRects().length);
    if (h1.length !== 1) problems.push(`${h1.length} h1`);
    if (!document.title.trim()) problems.push('no title');
    if (!/^(vi|en)$/.test(document.documentElement.lang)) problems.push(`lang="${document.documentElement.lang}"`);
    if (document.querySelectorAll('main').length !== 1) problems.push('not one main');
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id), twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    if (twice.length) problems.push(`id twice: ${[...new Set(twice)].join(' ')}`);
    for (const a of document.querySelectorAll('.errors a[href^="#"]'))
      if (!document.getElementById(decodeURIComponent(a.hash.slice(1)))) problems.push(`error without its field: ${a.hash}`);
    return problems;
  });
}

async function axe(page) {
  // From the top: what a sticky bar covers for a moment of scrolling is no fault of the page.
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return result.violations.map((v) => ({ id: v.id, impact: v.impact, nodes: v.nodes.map((n) => `${n.html.slice(0, 140)} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`) }));
  });
  return found.filter((v) => v.impact === 'serious' || v.impact === 'critical' || v.impact === 'moderate')
    .map((v) => `axe ${v.impact} ${v.id}: ${v.nodes.slice(0, 3).join(' | ')}${v.nodes.length > 3 ? ` and ${v.nodes.length - 3} more` : ''}`);
}

// No page scrolls sideways; a box that does must be reachable by keyboard and have a name.
async function sideways(page, width) {
  return page.evaluate((w) => {
    const problems = [], root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      const scrolled = (e) => { for (let outer = e.parentElement; outer && outer !== root; outer = outer.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(outer).overflowX)) return true; return false; };
      const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && e.getClientRects().length && !scrolled(e));
      const inner = wide.filter((e) => !wide.some((other) => other !== e && e.contains(other)));
      problems.push(`scrolls sideways at ${w}: ${root.scrollWidth}, ${inner.slice(0, 2).map((e) => e.outerHTML.slice(0, 100)).join(' | ')}`);
    }
    for (const box of document.querySelectorAll('main *')) {
      const style = getComputedStyle(box);
      if (!/auto|scroll/.test(style.overflowX) || box.scrollWidth <= box.clientWidth + 1 || !box.getClientRects().length) continue;
      if (!box.querySelector('a[href], button, input') && box.tabIndex < 0 && !/^(textarea|input|select)$/i.test(box.tagName)) problems.push(`scrolls inside at ${w}, without keyboard: ${box.outerHTML.slice(0, 100)}`);
    }
    return problems;
  }, width);
}

// What has moved since the page began to load.
export async function shifts(page) {
  const sum = await page.evaluate(() => new Promise((done) => {
    let total = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) total += e.value; })).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(total), 60);
  }));
  return sum > SHIFT_MAX ? [`moves while loading: layout shift ${sum.toFixed(3)}`] : [];
}

// can_run: axe is a script too; where the browser runs none, it cannot look.
export async function checkPage(page, seen, { can_run, first, everyWidth }) {
  const problems = [...await structure(page), ...(can_run ? await axe(page) : [])];
  if (first && seen.views === 1 && seen.bytes > FIRST_VIEW_BYTES) problems.push(`first view weighs ${seen.bytes} bytes`);
  const size = page.viewportSize();
  for (const width of everyWidth ? widths : [size.width]) {
    if (width !== size.width) await page.setViewportSize({ width, height: size.height });
    problems.push(...await sideways(page, width));
  }
  if (everyWidth) await page.setViewportSize(size);
  problems.push(...seen.problems);
  seen.problems.length = 0;
  return [...new Set(problems)];
}
