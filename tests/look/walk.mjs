// walk.mjs - does the steps of tests/look/walks/*.mjs in the browser; README.md says how to write them.
import { join } from 'node:path';
import { checkPage, shifts, watch } from './checks.mjs';
import { totp } from './totp.mjs';

const WAIT_MS = 60_000; // nobody waits so long; a machine with other work may

// "{code}" in a step is what an earlier { keep: 'code' } read from the page.
const filled = (value, kept) => (typeof value === 'string' ? value.replace(/\{(\w+)\}/g, (all, name) => kept[name] ?? all) : value);

async function found(page, locators, what) {
  for (const locator of locators) if (await locator.count()) return locator.first();
  throw new Error(`${what} is not on the page "${await page.title()}" (${new URL(page.url()).pathname})`);
}
const field = (page, name) => found(page, [page.locator(`[name="${name}"]:not([type=hidden])`), page.getByLabel(name, { exact: true }), page.getByLabel(name)], `the field "${name}"`);
const thing = (page, name) => found(page, [
  page.getByRole('button', { name, exact: true }), page.getByRole('link', { name, exact: true }),
  page.getByRole('button', { name }), page.getByRole('link', { name }), page.locator('summary').filter({ hasText: name }),
], `"${name}" to press`);

const doers = {
  async go(w, path) { w.answer = await w.page.goto(w.origin + path); },
  async click(w, name) { await (await thing(w.page, name)).click({ timeout: WAIT_MS }); await w.page.waitForLoadState(); },
  async fill(w, values) { for (const [name, value] of Object.entries(values)) await (await field(w.page, name)).fill(filled(value, w.kept)); },
  // What an app shows for a key that was kept.
  async code(w, { name, key }) { await (await field(w.page, name)).fill(totp(w.kept[key])); },
  async choose(w, values) {
    for (const [name, label] of Object.entries(values)) {
      const control = await field(w.page, name);
      if (await control.evaluate((e) => e.tagName) === 'SELECT') await control.selectOption({ label });
      else await (await found(w.page, [w.page.locator(`label:has([name="${name}"][value="${label}"])`), w.page.locator(`label:has([name="${name}"])`).filter({ hasText: label })], `the answer "${label}" of "${name}"`)).click();
    }
  },
  async tick(w, name) { await (await found(w.page, [w.page.getByLabel(name), w.page.locator(`[name="${name}"]`)], `the box "${name}"`)).check({ force: true }); },
  async upload(w, files) { for (const [name, file] of Object.entries(files)) await w.page.locator(`input[type=file][name="${name}"]`).first().setInputFiles(join(w.here, 'files', file)); },
  async in(w, name) { await (await field(w.page, name)).focus(); },
  async press(w, key) { await w.page.keyboard.press(key); await w.page.waitForLoadState(); },
  async see(w, text) { await w.page.getByText(text).locator('visible=true').first().waitFor({ timeout: WAIT_MS }); },
  // Words that may be on the page but that nobody must see now.
  async lacks_seen(w, text) { if (await w.page.getByText(text).locator('visible=true').count()) throw new Error(`"${text}" is seen`); },
  // The clock of this person's pages from now on: it goes only by `pass`, in seconds.
  // It runs until it is stopped, and cannot be stopped in its past: it begins long before.
  async clock(w, at) { await w.page.clock.install({ time: Date.parse(at) - 3_600_000 }); await w.page.clock.pauseAt(Date.parse(at) + 1000); w.who.clock = true; },
  async pass(w, seconds) { await w.page.clock.runFor(seconds * 1000); },
  async offline(w, yes) { await w.who.context.setOffline(yes); },
  async back(w, path) { await w.page.goBack(); if (new URL(w.page.url()).pathname !== path) throw new Error(`back leads to ${w.page.url()}`); },
  async empty(w, name) { const value = await (await field(w.page, name)).inputValue(); if (value) throw new Error(`"${value}" stands in ${name}`); },
  async lacks(w, text) { if (await w.page.getByText(text).count()) throw new Error(`"${text}" is on the page`); },
  async at(w, pattern) { await w.page.waitForURL((url) => new RegExp(pattern).test(url.pathname), { timeout: WAIT_MS }); },
  async status(w, code) { if (w.answer?.status() !== code) throw new Error(`answered ${w.answer?.status()}, not ${code}`); },
  // A file of the program: it must come, and be what its name says.
  async loads(w, path) {
    const answer = await w.page.request.get(w.origin + path), body = await answer.body();
    if (!answer.ok() || body.subarray(0, 5).toString() !== '%PDF-') throw new Error(`${path} answered ${answer.status()}, not a PDF`);
  },
  // What a job does in the background shows within seconds; the page is loaded anew until it does.
  async soon(w, text) {
    for (const end = Date.now() + WAIT_MS; !(await w.page.getByText(text).count());) {
      if (Date.now() > end) throw new Error(`"${text}" does not come`);
      await w.page.waitForTimeout(150);
      await w.page.reload();
    }
  },
  async keep(w, { name, selector, attribute }) {
    const element = w.page.locator(selector).first();
    w.kept[name] = (attribute ? await element.getAttribute(attribute) : await element.innerText()).trim();
  },
};

async function useBrowserOf(w, person) {
  if (!w.people.has(person)) {
    const context = await w.browser.newContext({ viewport: w.size, javaScriptEnabled: w.scripts || w.blank, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' });
    context.setDefaultTimeout(WAIT_MS);
    if (w.blank) await context.route(/\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    const page = await context.newPage();
    w.people.set(person, { context, page, seen: watch(page, w.origin), first: true });
  }
  Object.assign(w, w.people.get(person));
  w.who = w.people.get(person);
}

// The checks wait too. Where the clock stands, it goes a little for them: by far less than they take.
async function ticking(w, work) {
  let done = false;
  const ticks = async () => { while (w.who.clock && !done) { await w.page.clock.runFor(1); await new Promise((later) => setTimeout(later, 10)); } };
  const ended = ticks();
  try { return await work(); } finally { done = true; await ended; }
}

async function shot(w, name) {
  await w.page.waitForLoadState('networkidle');
  // Before the picture: for it the window grows to the whole page, and that moves things too.
  const moved = w.scripts && w.who.first ? await ticking(w, () => shifts(w.page)) : [];
  await w.page.screenshot({ path: join(w.out, `${name}-${w.label}.png`), fullPage: true });
  const problems = [...moved, ...await ticking(w, () => checkPage(w.page, w.who.seen, { can_run: w.scripts || w.blank, first: w.who.first, everyWidth: w.everyWidth }))];
  w.who.first = false;
  w.report(`${name} at ${w.label}`, problems);
}

// For the README: what one screen shows, at 1280 only.
async function picture(w, name) {
  if (w.label === '1280') await w.page.screenshot({ path: join(w.out, `picture-${name}.png`) });
}

async function step(w, one) {
  if (one.scripts !== undefined && one.scripts !== w.scripts) return;
  if (one.as) await useBrowserOf(w, one.as);
  for (const [verb, value] of Object.entries(one)) {
    if (verb === 'as' || verb === 'scripts') continue;
    if (verb === 'shot') await shot(w, value);
    else if (verb === 'picture') await picture(w, value);
    else if (doers[verb]) await doers[verb](w, filled(value, w.kept));
    else throw new Error(`no such step: ${verb}`);
  }
}

// One walk in one size, with or without scripts.
export async function walk(steps, name, settings) {
  const w = { ...settings, people: new Map(), kept: {}, ...(settings.kept ? { kept: { ...settings.kept } } : {}) };
  let done = 0;
  try {
    await useBrowserOf(w, 'visitor');
    for (const one of steps) { await step(w, one); done++; }
    w.report(`walk ${name} at ${w.label}`, []);
  } catch (error) {
    await w.page?.screenshot({ path: join(w.out, `failed-${name}-${w.label}.png`), fullPage: true }).catch(() => {});
    w.report(`walk ${name} at ${w.label}`, [`step ${done + 1} ${JSON.stringify(steps[done])}: ${error.message.split('\n')[0]}`]);
  }
  for (const { context } of w.people.values()) await context.close();
}
