// Where Chromium is: CHROMIUM, or where systems put it.
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath = () => [process.env.CHROMIUM, ...PLACES].find((path) => path && existsSync(path));
