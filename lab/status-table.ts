import Table from 'cli-table3'
import type { PartStatus } from './status.ts'

/** One line for each part, for a person. */
export function formatStatus(parts: readonly PartStatus[]): string {
  const table = new Table({
    head: ['part', 'state', 'pid', 'since', 'address', 'last said'],
    style: plain,
    chars: noLines,
  })
  for (const part of parts) {
    const since = part.since ? new Date(part.since).toLocaleString('sv-SE') : ''
    table.push([part.name, part.state, part.pid ?? '', since, part.address ?? '', part.lastLine?.slice(0, 160) ?? ''])
  }
  return table.toString()
}

const plain = { head: [], border: [], 'padding-left': 0, 'padding-right': 2 }

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}
