import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

/** How much is read at a time. */
const PIECE_BYTES = 1024 * 1024
/** After how many milliseconds to look whether there is more. What is read then is still in the kernel's memory. */
const LOOK_MILLISECONDS = 200

/** What is read of: Node's FileHandle is one. */
export interface ReadFile {
  readonly read: (piece: Buffer, offset: number, bytes: number, position: number) => Promise<{ bytesRead: number }>
}

/** A file as it was written. */
export interface WrittenFile {
  readonly bytes: number
  readonly sha256: string
}

/**
 * Reads a file while it is written by somebody else, for its size and its SHA-256. Were the bytes to pass through this program on their way,
 * each piece of them would come in memory of its own, and collecting that took more of the processor than the hash does.
 *
 * @param writing resolves when the file is whole
 * @param onBytes called with the size of each piece that is read
 * @throws what `writing` throws
 */
export async function hashWhileWritten(
  file: ReadFile,
  writing: Promise<void>,
  onBytes: (bytes: number) => void,
): Promise<WrittenFile> {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
  let isEnded = false
  const ended = Promise.allSettled([writing]).then(() => {
    isEnded = true
  })
  let bytes = 0
  for (;;) {
    // Asked before it is read: what comes in between is read the next time.
    const isLast = isEnded
    if (isLast) await writing
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, bytes)
    if (bytesRead > 0) {
      hash.update(piece.subarray(0, bytesRead))
      bytes += bytesRead
      onBytes(bytesRead)
    } else if (isLast) return { bytes, sha256: hash.digest('hex') }
    if (bytesRead < PIECE_BYTES) await Promise.race([ended, pause(LOOK_MILLISECONDS)])
  }
}
