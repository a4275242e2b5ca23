import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** What a plot says to who cannot see it. */
export interface PlotWords {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  /** What can be read from it, in a sentence. */
  readonly description: string
}

// Plot makes elements of a document's: this one is never shown.
const { document } = parseHTML('<!doctype html><html lang="en"></html>')

/** A class by which the page's style sheet colours all plots. */
const CLASS = 'plot'

/** Draws a plot as the text of an SVG element, with title and description. Its colours are the style sheet's. */
export function draw(options: Plot.PlotOptions, { id, title, description }: PlotWords): string {
  const plot = Plot.plot({ ...options, document, className: CLASS })
  // The page has it once for all.
  plot.querySelector('style')?.remove()
  // It is one picture. What Plot says of its parts, as "cell", helps nobody, and ARIA has no name for a part without a role.
  for (const part of plot.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-labelledby', `${id}-t`)
  plot.setAttribute('aria-describedby', `${id}-d`)
  plot.prepend(textElement('title', `${id}-t`, title), textElement('desc', `${id}-d`, description))
  // A hundredth of a pixel is seen by nobody, and all the digits behind it are half of the file.
  return plot.outerHTML.replaceAll(/(\d\.\d\d)\d+/g, '$1')
}

function textElement(name: 'title' | 'desc', id: string, text: string) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  element.setAttribute('id', id)
  element.textContent = text
  return element
}
