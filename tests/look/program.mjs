// program.mjs - starts the program itself: demo data of its own, a free port, ended by its id.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { cpSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const READY_MS = 120_000;

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function ready(url, child, log) {
  for (const end = Date.now() + READY_MS; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}; see ${log}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error(`the program is not ready after 2 minutes; see ${log}`);
}

async function start(binary, data, log) {
  const port = await freePort(), url = `http://127.0.0.1:${port}`;
  const out = openSync(log, 'w');
  const child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', out, out] });
  await ready(url, child, log);
  return {
    url,
    kept: {}, // names for {…} in steps: the demo's accounts could be read from demo.stdout
    stop: () => new Promise((ended) => { child.once('exit', ended); child.kill('SIGTERM'); setTimeout(() => child.kill('SIGKILL'), 5000).unref(); }),
  };
}

// One for each name: the demo data is made once and copied.
export async function startPrograms(root, data, names) {
  const binary = join(root, 'build/tinhso'), running = new Map();
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const first = join(data, 'demo');
  const demo = spawnSync(binary, ['demo', '--empty', '--data', first], { encoding: 'utf8' });
  if (demo.status !== 0) throw new Error(`tinhso demo: ${demo.stderr || demo.stdout}`);
  for (const name of names) cpSync(first, join(data, name), { recursive: true, filter: (path) => !path.endsWith('.sock') });
  for (const name of names) running.set(name, await start(binary, join(data, name), join(data, `${name}.log`)));
  return running;
}
