/** Keys from `from` on, `to` excluded. */
export interface KeyRange {
  readonly from: bigint
  readonly to: bigint
}

/** How many rows have keys in a range, about. */
export type EstimateRows = (range: KeyRange) => Promise<number>

interface Estimated extends KeyRange {
  readonly rows: number
}

/** Into how many pieces keys are cut for each part that is wanted. */
const CUTS_A_PART = 8

/**
 * How much of a table each of its parts should hold, together 1. The later a part comes, the smaller it is, in even steps: when
 * processes work off the parts of all tables, the largest first, those that run last are over soon and at about the same time.
 */
export function sharesOf(parts: number): number[] {
  const steps = (parts * (parts + 1)) / 2
  return Array.from({ length: parts }, (_, index) => (parts - index) / steps)
}

/**
 * Finds keys that part a range into parts that have about such shares of its rows, however unevenly the keys are spread: whichever
 * piece has most rows is cut in half, again and again, and neighbours are then put together.
 *
 * @param shares of the parts, together 1
 * @returns the first key of each part but the first, in ascending order: fewer where the keys do not allow for more
 */
export async function findKeyBounds(
  whole: KeyRange,
  shares: readonly number[],
  estimateRows: EstimateRows,
): Promise<bigint[]> {
  const pieces = await cut(whole, shares.length * CUTS_A_PART, estimateRows)
  const total = pieces.reduce((sum, { rows }) => sum + rows, 0)
  const bounds: bigint[] = []
  let rows = 0
  let wanted = total * (shares[0] ?? 1)
  for (const piece of pieces) {
    // The bound is where the rows so far are nearest to what the parts so far should have.
    if (piece.from > whole.from && bounds.length < shares.length - 1 && rows + piece.rows / 2 >= wanted) {
      bounds.push(piece.from)
      wanted += total * (shares[bounds.length] ?? 0)
    }
    rows += piece.rows
  }
  return bounds
}

/** Cuts a range into pieces, in ascending order. */
async function cut(whole: KeyRange, count: number, estimateRows: EstimateRows): Promise<Estimated[]> {
  const pieces: Estimated[] = [{ ...whole, rows: await estimateRows(whole) }]
  while (pieces.length < count) {
    const index = indexOfHeaviest(pieces)
    const heaviest = pieces[index]
    if (!heaviest) break
    const middle = (heaviest.from + heaviest.to) / 2n
    const halves = [
      { from: heaviest.from, to: middle },
      { from: middle, to: heaviest.to },
    ]
    const estimated: Estimated[] = []
    for (const half of halves) estimated.push({ ...half, rows: await estimateRows(half) })
    pieces.splice(index, 1, ...estimated)
  }
  return pieces
}

/** Of those that can be cut. @returns -1 if there is none */
function indexOfHeaviest(pieces: readonly Estimated[]): number {
  let found = -1
  pieces.forEach((piece, index) => {
    const isCuttable = piece.to - piece.from > 1n && piece.rows > 1
    if (isCuttable && piece.rows > (pieces[found]?.rows ?? 0)) found = index
  })
  return found
}
