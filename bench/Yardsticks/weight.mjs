// How many bytes travel until the lobby works: node weight.mjs <address> <join ID> <student ID> <first name>
// Prints the bytes as they were on the wire, headers included, from an empty cache until the student waits.
import { open } from './browser.mjs';

const [, , address, joinId, student, firstName] = process.argv;
const browser = await open();
try {
  const page = await (await browser.newContext()).newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  devtools.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength;
  });
  devtools.on('Network.webSocketFrameReceived', (event) => {
    bytes += event.response.payloadData.length;
  });
  await page.goto(`${address}/join/${joinId}`);
  await page.locator('input').first().waitFor();
  const loaded = bytes;
  for (const [label, text] of [[/student id/i, student], [/first name/i, firstName]]) {
    await page.getByRole('textbox', { name: label }).fill(text);
  }
  await page.locator('form button[type=submit], form button').last().click();
  await page.waitForFunction(() => document.body.innerText.match(/wait/i), undefined, { timeout: 15_000 });
  await page.waitForTimeout(500);
  process.stdout.write(`${JSON.stringify({ loaded, total: bytes })}\n`);
} finally {
  await browser.close();
}
