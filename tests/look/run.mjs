// run.mjs - pictures and checks of the drawn pages and of the walks; see README.md.
//
//     node tests/look/run.mjs [--static | --walks] [NAME...]
import { mkdirSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openBrowser } from './browser.mjs';
import { keyTests } from './keys.mjs';
import { serveFiles } from './static.mjs';
import { startPrograms } from './program.mjs';
import { walk } from './walk.mjs';

const here = dirname(fileURLToPath(import.meta.url)), root = join(here, '../..'), out = join(root, 'build/look');
const flags = process.argv.slice(2).filter((a) => a.startsWith('--')), names = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const wanted = (name) => !names.length || names.some((n) => name.startsWith(n));
// Without scripts: walks in a browser that runs none; drawn pages with empty ones, so that axe can look.
const runs = [
  { label: '1280', size: { width: 1280, height: 800 }, scripts: true, everyWidth: true },
  { label: '390', size: { width: 390, height: 844 }, scripts: true },
  { label: '1280-no-script', size: { width: 1280, height: 800 }, scripts: false, drawnOnly: true },
  { label: '390-no-script', size: { width: 390, height: 844 }, scripts: false },
];

const only = process.env.LOOK_RUNS?.split(',');
if (only) runs.splice(0, runs.length, ...runs.filter((r) => only.includes(r.label)));

const results = [];
function report(name, problems) {
  results.push({ name, problems });
  if (problems.length) console.log(`  FAIL ${name}\n${problems.map((p) => `       | ${p}`).join('\n')}`);
  else if (process.stdout.isTTY || names.length) console.log(`  ok   ${name}`);
}

async function drawnPages(browser) {
  const dir = join(out, 'static'), server = await serveFiles(dir);
  const pages = readdirSync(dir).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5)).filter(wanted);
  for (const run of runs)
    for (const name of pages)
      await walk([{ go: `/${name}` }, { shot: `drawn-${name}` }], `drawn-${name}`, { browser, here, out, origin: server.url, report, ...run, blank: !run.scripts });
  for (const test of keyTests.filter((t) => wanted(t.page))) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${server.url}/${test.page}`);
    await test.run(page).then(() => report(test.name, []), (error) => report(test.name, [error.message.split('\n')[0]]));
    await context.close();
  }
  server.stop();
}

async function walks(browser) {
  const files = readdirSync(join(here, 'walks')).filter((f) => f.endsWith('.mjs')).sort();
  const list = await Promise.all(files.map(async (f) => ({ name: f.slice(0, -4), ...(await import(pathToFileURL(join(here, 'walks', f)))) })));
  const mine = list.filter((w) => wanted(w.name));
  if (!mine.length) return;
  // Each run has a program of its own, so that all of them may go side by side; the longest walk begins first.
  const tasks = [];
  const programs = await startPrograms(root, join(out, 'data'), runs.filter((r) => !r.drawnOnly).map((r) => r.label));
  for (const run of runs.filter((r) => !r.drawnOnly))
    for (const { name, steps } of mine) tasks.push({ run, name, program: programs.get(run.label), steps: typeof steps === 'function' ? steps(run) : steps });
  tasks.sort((a, b) => b.steps.length - a.steps.length);
  // They wait for the server half of the time; more at once would only wait for each other.
  const worker = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift())
      await walk(task.steps, task.name, { browser, here, out, origin: task.program.url, kept: task.program.kept, report, ...task.run });
  };
  await Promise.all(Array.from({ length: Number(process.env.LOOK_AT_ONCE ?? 6) }, worker));
  await Promise.all([...programs.values()].map((p) => p.stop()));
}

mkdirSync(out, { recursive: true });
if (!names.length) for (const f of readdirSync(out)) if (f.endsWith('.png')) rmSync(join(out, f));
const browser = await openBrowser();
try {
  if (!flags.includes('--walks')) await drawnPages(browser);
  if (!flags.includes('--static')) {
    if (existsSync(join(root, 'build/tinhso'))) await walks(browser);
    else report('the walks', ['build/tinhso is not built']);
  }
} finally {
  await browser.close();
}
const failed = results.filter((r) => r.problems.length).length;
mkdirSync(join(root, 'build/results'), { recursive: true });
if (!names.length) writeFileSync(join(root, 'build/results/look.tsv'), results.map((r) => `tests/look/run\t${r.name}\t${r.problems.length ? 'failed' : 'passed'}\n`).join(''));
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
