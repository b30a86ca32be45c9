// Looks for a Chromium; on Debian, as root, installs it where it is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromiumPath } from './chromium.mjs';

if (!chromiumPath()) {
  const root = process.getuid?.() === 0;
  if (root && existsSync('/usr/bin/apt-get')) {
    console.log('installing Chromium ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  if (!chromiumPath()) {
    console.error('no Chromium here: install it, or name it in CHROMIUM');
    process.exit(1);
  }
}
