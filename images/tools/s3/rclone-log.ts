import { z } from 'zod'

/** What rclone has done so far. Bytes of copies that S3 made by itself are in both byte counts. */
export interface RcloneStats {
  readonly bytes: number
  readonly totalBytes: number
  readonly serverSideCopies: number
  readonly serverSideCopyBytes: number
}

/** A line of rclone's log as far as it matters here. */
export interface RcloneLine {
  readonly stats?: RcloneStats
  /** An error in rclone's words, with the object that it is about. */
  readonly error?: string
}

const lineSchema = z.object({
  level: z.string(),
  msg: z.string(),
  object: z.string().optional(),
  stats: z
    .object({
      bytes: z.number(),
      totalBytes: z.number(),
      serverSideCopies: z.number().default(0),
      serverSideCopyBytes: z.number().default(0),
    })
    .optional(),
})

/** Reads a line of `--use-json-log`. @returns nothing of interest for a line that is none */
export function parseRcloneLine(line: string): RcloneLine {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return {}
  }
  const parsed = lineSchema.safeParse(json)
  if (!parsed.success) return {}
  const { level, msg, object, stats } = parsed.data
  if (stats) return { stats }
  const isError = level === 'error' || level === 'critical' || msg.startsWith('Failed to ')
  if (!isError) return {}
  const words = withoutRequestIds(msg)
  return { error: object === undefined ? words : `${object}: ${words}` }
}

/** An error of S3 without what tells one request from another. */
export function withoutRequestIds(words: string): string {
  return words.replaceAll(/ RequestID: [^,]*,| HostID: [^,]*,/g, '')
}

/** Bytes that went through this pod: those that S3 copied by itself did not. */
export function bytesThroughPod(stats: RcloneStats): number {
  return stats.bytes - stats.serverSideCopyBytes
}
