import { html } from 'hono/html'
import { ageText } from '../texts.ts'
import type { Html, PageContext } from './page-context.ts'

/** A time, for people and for programs. */
export function time(at: Date, { timeText }: PageContext): Html {
  return html`<time datetime="${at.toISOString()}">${timeText(at)}</time>`
}

/** The same below its age. */
export function ageAndTime(at: Date, context: PageContext): Html {
  return html`${ageText(at, context.now)} <span class="soft when">${time(at, context)}</span>`
}
