// program.mjs - starts the program itself: demo data of its own, a free port, ended by its id.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const READY_MS = 30_000;

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function ready(url, child) {
  for (const end = Date.now() + READY_MS; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}; see build/look/server.log`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error('the program is not ready after 30 s; see build/look/server.log');
}

export async function startProgram(root, data) {
  const binary = join(root, 'build/tinhso');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  const demo = spawnSync(binary, ['demo', '--empty', '--data', data], { encoding: 'utf8' });
  if (demo.status !== 0) throw new Error(`tinhso demo: ${demo.stderr || demo.stdout}`);
  const port = await freePort(), url = `http://127.0.0.1:${port}`;
  const log = openSync(join(dirname(data), 'server.log'), 'w');
  const child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', log, log] });
  await ready(url, child);
  return {
    url,
    kept: {}, // names for {…} in steps: the demo's accounts could be read from demo.stdout
    stop: () => new Promise((ended) => { child.once('exit', ended); child.kill('SIGTERM'); setTimeout(() => child.kill('SIGKILL'), 5000).unref(); }),
  };
}
