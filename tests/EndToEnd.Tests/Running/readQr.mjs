// Reads the QR code in a PNG file, as a phone's camera would, and prints what it says.
//
// node readQr.mjs <folder of the pages' packages> <file.png>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , packages, file] = process.argv;
const require = createRequire(join(packages, 'package.json'));
const { PNG } = require('pngjs');
const jsQR = require('jsqr');
const { data, width, height } = PNG.sync.read(readFileSync(file));
const code = jsQR(new Uint8ClampedArray(data), width, height);
if (!code) throw new Error('There is no QR code in the picture.');
process.stdout.write(code.data);
