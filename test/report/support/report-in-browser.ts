import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { z } from 'zod'
import { openBrowser } from '../../support/browser.ts'

/** For which anything on a page is waited. */
const MOST_MILLISECONDS = 120_000

const violationsSchema = z.array(
  z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) }),
)

/** A report as Chromium shows it. */
export class ShownReport {
  readonly page: Page
  /** All that the page has asked for, itself included. */
  readonly requests: readonly string[]

  constructor(page: Page, requests: readonly string[]) {
    this.page = page
    this.requests = requests
  }

  /** The texts of a table's cells, by rows, without its head. */
  async rows(caption: string | RegExp): Promise<string[][]> {
    const table = this.page.getByRole('table', { name: caption, includeHidden: true })
    const rows = await table.locator('tbody tr').all()
    return await Promise.all(
      rows.map(async (row) => {
        const cells = await row.locator('th, td').allTextContents()
        return cells.map((text) => text.replaceAll(/\s+/g, ' ').trim())
      }),
    )
  }

  /** What the element says that has the keyboard. */
  async focused(): Promise<string> {
    return z
      .string()
      .parse(
        await this.page.evaluate(
          "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText).trim()",
        ),
      )
  }

  /** What axe-core has against it, whatever its weight. */
  async violations(): Promise<z.infer<typeof violationsSchema>> {
    await this.page.evaluate(axe.source)
    return violationsSchema.parse(await this.page.evaluate('axe.run().then(({ violations }) => violations)'))
  }
}

/** Shows reports in one browser, each from a file, as a person opens one. */
export class ReportBrowser {
  readonly #browser: Browser
  readonly #folder: string
  #context: BrowserContext | undefined

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser
    this.#folder = folder
  }

  static async open(): Promise<ReportBrowser> {
    return new ReportBrowser(await openBrowser(), await mkdtemp(join(tmpdir(), 'holdfast-test-report-')))
  }

  /** Shows a page, in place of the one before. */
  async show(text: string, options: BrowserContextOptions = {}): Promise<ShownReport> {
    await this.#context?.close()
    const file = join(this.#folder, 'report.html')
    await writeFile(file, text)
    const context = await this.#browser.newContext({ locale: 'en', ...options })
    this.#context = context
    context.setDefaultTimeout(MOST_MILLISECONDS)
    const page = await context.newPage()
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    return new ShownReport(page, requests)
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await rm(this.#folder, { recursive: true })
  }
}
