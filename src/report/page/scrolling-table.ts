import { html } from 'hono/html'
import type { Html } from './page-context.ts'

/** A column of a table. */
export interface Column {
  readonly name: string
  readonly kind?: 'number'
}

/** A table that may be wider than a phone: it is scrolled by itself, by the keyboard too. @param rows `tr` elements */
export function scrollingTable(caption: string, columns: readonly Column[], rows: readonly Html[]): Html {
  const heads = columns.map(({ name, kind }) => html`<th scope="col"${kind ? html` class="${kind}"` : ''}>${name}</th>`)
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table><caption>${caption}</caption><thead><tr>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>`
}
