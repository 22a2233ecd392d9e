/** The sample app in Chromium: fhirclient launches it by itself and from the EHR that the simulator plays. */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { serveSampleApp } from '../../scripts/sample-app.ts';
import { markSandbox } from '../../src/storage/facts.ts';
import { account, client } from '../auth/app.ts';
import { guarded, partsOf, withScope } from '../auth/bearer.ts';
import { dose, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let app: { readonly url: string; readonly server: Server };
let browser: Browser;
let id: string;
let ana: string;

beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  await markSandbox(w.services.connection, { seed: 1, people: 1, at: new Date(), complete: true });
  const post = withScope(w, 'system/*.cruds');
  const person = patient({ name: [{ given: ['Ana'], family: 'Novak' }], birthDate: '2024-03-01' });
  ana = (await post('POST', '/Patient', { body: person })).body.id;
  await post('POST', '/Immunization', { body: dose(ana) });
  await account(w, { _id: 'doc', name: 'Doctor Doc' });
  app = await serveSampleApp(0);
  id = await client(w, {
    client_name: 'Sample app',
    redirect_uris: [`${app.url}/index.html`],
    launch_url: `${app.url}/launch.html`,
  });
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser.close();
  app.server.closeAllConnections();
  app.server.close();
  await w.end();
});

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(120_000);
  return page;
}

/** With SCREENSHOTS=folder every page is pictured there. */
async function picture(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS } = process.env;
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

async function signOn(page: Page): Promise<void> {
  await picture(page, 'sign-on');
  await page.getByLabel('Account').fill('doc');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign on' }).click();
}

async function allow(page: Page): Promise<void> {
  await picture(page, 'allow');
  await page.getByRole('button', { name: 'Allow' }).click();
}

describe('the sample app', () => {
  test('launches by itself, and shows the patient who was chosen', async () => {
    const page = await newPage();
    await page.goto(
      `${app.url}/launch.html?${new URLSearchParams({ iss: w.url, client_id: id }).toString()}`,
    );
    await signOn(page);
    await page.getByLabel('Family name').fill('Novak');
    await page.getByLabel('Birth date').fill('2024-03-01');
    await page.getByRole('button', { name: 'Find' }).click();
    await picture(page, 'patient');
    await page.getByLabel(/Ana Novak/).check();
    await page.getByRole('button', { name: 'Choose' }).click();
    await allow(page);
    await page.getByText('1 dose, read as').waitFor();
    expect(await page.getByRole('heading').textContent()).toBe('Ana Novak');
    await picture(page, 'app');
    expect(page.url()).not.toMatch(/[?&]code=/);
  });

  test('is launched by the EHR for the patient on its screen, without a choice', async () => {
    const page = await newPage();
    await page.goto(`${new URL(w.url).origin}/oauth/simulator`);
    await page.getByLabel('Family name').fill('Novak');
    await page.getByLabel('Birth date').fill('2024-03-01');
    await page.getByRole('button', { name: 'Find patients' }).click();
    await picture(page, 'simulator');
    await page.getByLabel('App').selectOption(id);
    const launch = new URLSearchParams({ client_id: id }).toString();
    await page.getByLabel(/Launch URL/).fill(`${app.url}/launch.html?${launch}`);
    await page.getByRole('button', { name: 'Launch' }).click();
    await signOn(page);
    await allow(page);
    await page.getByText('1 dose, read as').waitFor();
    expect(await page.getByRole('heading').textContent()).toBe('Ana Novak');
  });

  test('is told when the person refuses', async () => {
    const page = await newPage();
    await page.goto(
      `${app.url}/launch.html?${new URLSearchParams({ iss: w.url, client_id: id }).toString()}`,
    );
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/refused/).waitFor();
    expect(await page.getByRole('table').isVisible()).toBe(false);
  });
});

describe('the pages', () => {
  test('load nothing from elsewhere, run no script, and name their fields', async () => {
    const page = await newPage();
    const faults: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => void hosts.add(new URL(request.url()).origin));
    await page.goto(`${partsOf(w).issuer}/simulator`);
    expect([...hosts]).toEqual([new URL(w.url).origin]);
    expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
    const unnamed = await page
      .locator('input:not([type=hidden]), select')
      .evaluateAll(
        (fields) => fields.filter((each) => (each as HTMLInputElement).labels?.length !== 1).length,
      );
    expect(unnamed).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});
