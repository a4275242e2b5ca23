import { type Browser, chromium } from 'playwright-core'
import { ensureDebianPackages } from '../../lab/debian-packages.ts'

/** As Debian has it: playwright-core would look for one of its own download. */
const CHROMIUM = { package: 'chromium', executablePath: '/usr/bin/chromium' }

/** What would have it talk to its makers, where there may be no internet. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/**
 * Opens Chromium without a window, and installs it before that where it is missing.
 *
 * @throws LabError if it is missing on a system without apt
 */
export async function openBrowser(): Promise<Browser> {
  await ensureDebianPackages([CHROMIUM.package])
  return await chromium.launch({
    executablePath: CHROMIUM.executablePath,
    // Its sandbox cannot be had by root, whom the lab is run by.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', ...QUIET],
  })
}
