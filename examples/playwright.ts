// Playwright: a test that controls a simulator, and looks at a page in a real browser.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const executablePath = '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  if (process.env['CI'] === 'true') throw new Error(`there is no ${executablePath}: apt-get install chromium`);
  console.log('no Chromium here: nothing to see');
  process.exit();
}

await using simulator = await createSimulator({ clock: 'manual' });
const waiting = { name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' };
simulator.set(waiting, 3);

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await browser.newPage();
// Stands for your wallboard: a page that polls the waiting calls.
const value = `${simulator.url}/statistic-values/Current_In_Queue?objectId=Sales%40SIP&objectType=Queue`;
await page.setContent(`<output>-</output><script>
  const show = async () => {
    const { data } = await (await fetch('${value}')).json();
    document.querySelector('output').textContent = data.statistic.value.intValue + ' waiting';
    setTimeout(show, 20);
  };
  show();
</script>`);

await page.getByText('3 waiting', { exact: true }).waitFor();
simulator.set(waiting, 4);
await page.getByText('4 waiting', { exact: true }).waitFor();
console.log('seen:', await page.locator('output').textContent());
await browser.close();
