// Makes a clone ready to run: installs from the lockfile when it is newer than what is installed, and builds when a
// source is newer than the last build. Silent when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const timeOf = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newestIn = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => timeOf(join(entry.parentPath, entry.name))),
  );

function run(what, command, args) {
  console.log(`${what} ...`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`${what}: failed (${[command, ...args].join(' ')})`);
    process.exit(status ?? 1);
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`karelscope needs Node 20.19 or later; this is ${process.version}`);
  process.exit(1);
}

const installed = join(root, 'node_modules', '.package-lock.json');
if (timeOf(join(root, 'package-lock.json')) > timeOf(installed)) {
  run('installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

const stamp = join(root, 'dist', '.built');
const sources = Math.max(
  newestIn(join(root, 'src')),
  newestIn(join(root, 'web')),
  timeOf(join(root, 'tsconfig.json')),
  timeOf(join(root, 'tsconfig.build.json')),
);
if (sources > timeOf(stamp)) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run('building', process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
  run('building the page', process.execPath, [
    ...[join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', join('web', 'vite.config.ts')],
    ...['--logLevel', 'error'],
  ]);
  writeFileSync(stamp, '');
}
