import type { Browser, BrowserContext, Locator, Page, Route } from 'playwright-core'
import { openBrowser } from './browser.ts'

/** Wide enough for the UI's tables, and high enough for a timeline in a picture. */
const VIEWPORT = { width: 1500, height: 1200 }

/** For which anything on a page is waited. */
const MOST_MILLISECONDS = 30_000

/** One run of a workflow. */
export interface Run {
  readonly workflowId: string
  readonly runId: string
}

/** Temporal's web UI in a browser, as the one who looks at it finds their way in it: by what is written there. */
export class TemporalUi {
  readonly #browser: Browser
  readonly #context: BrowserContext
  readonly #page: Page
  readonly #url: string

  private constructor(browser: Browser, context: BrowserContext, page: Page, url: string) {
    this.#browser = browser
    this.#context = context
    this.#page = page
    this.#url = url
  }

  /** @param url of the UI, without a slash at its end */
  static async open(url: string): Promise<TemporalUi> {
    const browser = await openBrowser()
    const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en', timezoneId: 'UTC' })
    context.setDefaultTimeout(MOST_MILLISECONDS)
    await context.route('**', fetchingFrom(url))
    return new TemporalUi(browser, context, await context.newPage(), url)
  }

  async close(): Promise<void> {
    // Its page asks again and again how a workflow is.
    await this.#context.unrouteAll({ behavior: 'ignoreErrors' })
    await this.#browser.close()
  }

  async openWorkflow({ workflowId, runId }: Run): Promise<void> {
    await this.#page.goto(`${this.#url}/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${runId}`)
    await this.#main.getByRole('heading', { name: workflowId }).waitFor()
  }

  /** Waits until each of these texts is beside an event in the timeline of the workflow. */
  async expectInTimeline(texts: readonly string[]): Promise<void> {
    await this.#openTab('Timeline')
    for (const text of texts) await this.#main.getByRole('list').getByText(text).first().waitFor()
  }

  /** What its starter says of the workflow, as HTML that was Markdown. */
  async openUserMetadata(): Promise<void> {
    await this.#openTab('User Metadata')
  }

  /** The part of the page under this heading, which the UI renders in a frame of its own. */
  metadata(heading: 'Summary' | 'Details' | 'Current Details'): Locator {
    const frame = `xpath=//h3[normalize-space()="${heading}"]/following::iframe[1]`
    return this.#main.frameLocator(frame).getByRole('main')
  }

  /** Asks the worker again for the current details. */
  async refreshDetails(): Promise<void> {
    await this.#page.keyboard.press('r')
  }

  /** The JSON under this tab of the workflow. @param containing waited for */
  async json(tab: 'Search Attributes' | 'Memo', containing: string): Promise<unknown> {
    await this.#openTab(tab)
    const shown = this.#main.getByRole('textbox', { name: tab }).filter({ hasText: containing })
    return JSON.parse((await shown.textContent()) ?? '')
  }

  /** Shows the workflows that this query finds. */
  async openList(query: string): Promise<void> {
    await this.#page.goto(`${this.#url}/namespaces/default/workflows?${new URLSearchParams({ query })}`)
  }

  /** Keeps the query that is shown as one of the Saved Views. */
  async saveView(name: string): Promise<void> {
    await this.#main.getByRole('button', { name: 'Save as New' }).click()
    const dialog = this.#main.getByRole('dialog')
    await dialog.getByRole('textbox').fill(name)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Shows the workflows that a saved query finds. */
  async openView(name: string): Promise<void> {
    await this.#page.getByRole('navigation', { name: 'Primary' }).getByRole('link', { name: 'Workflows' }).click()
    await this.#main.getByRole('button', { name: 'Saved Views' }).click()
    await this.#page.getByRole('menuitem', { name }).click()
    await this.#main.getByRole('button', { name: 'Clear all' }).waitFor()
  }

  /** Asks again for the workflows of the list that is shown. */
  async refreshList(): Promise<void> {
    await this.#main.getByRole('button', { name: 'Refresh' }).click()
  }

  /** The text of each workflow of the list that is shown. */
  async listed(): Promise<string[]> {
    const rows = this.#main
      .getByRole('table', { name: 'Workflows' })
      .getByRole('row')
      .filter({ has: this.#page.getByRole('link') })
    await rows
      .or(this.#main.getByRole('heading', { name: 'No Workflows Found' }))
      .first()
      .waitFor()
    return await rows.allTextContents()
  }

  async takePicture(path: string): Promise<void> {
    await this.#page.screenshot({ path })
  }

  get #main(): Locator {
    return this.#page.getByRole('main')
  }

  async #openTab(name: string): Promise<void> {
    await this.#main.getByRole('tab', { name }).click()
  }
}

/**
 * Has Node ask the UI's server in place of the browser, which breaks off what it asks whenever an interface of the machine comes or
 * goes: as with every pod of the lab. What the UI would have from elsewhere, its news, is refused.
 */
function fetchingFrom(url: string): (route: Route) => Promise<void> {
  // Each document, and each frame with Markdown is one, is made of some two hundred files that never change.
  const files = new Map<string, Answer>()
  return async (route) => {
    const wanted = route.request().url()
    if (!wanted.startsWith(`${url}/`)) return await route.abort()
    const answer = files.get(wanted) ?? (await answerTo(route))
    if (wanted.includes('/immutable/')) files.set(wanted, answer)
    await route.fulfill(answer)
  }
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

async function answerTo(route: Route): Promise<Answer> {
  const response = await route.fetch()
  return { status: response.status(), headers: response.headers(), body: await response.body() }
}
