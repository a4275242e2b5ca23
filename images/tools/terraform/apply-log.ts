import { z } from 'zod'
import type { ProvisionAnswer } from '../../../src/domain/step-answers.ts'

const summarySchema = z.object({
  type: z.literal('change_summary'),
  changes: z.object({ operation: z.string(), add: z.number(), change: z.number(), remove: z.number() }),
})

const outputsSchema = z.object({
  type: z.literal('outputs'),
  outputs: z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.unknown() })),
})

const diagnosticSchema = z.object({
  type: z.literal('diagnostic'),
  diagnostic: z.object({ severity: z.string(), summary: z.string(), detail: z.string() }),
})

/**
 * Collects what `terraform apply -json` says, line by line: what it changed, its outputs, its errors. (Terraform,
 * "Machine-Readable UI".) Outputs that are sensitive or no text are left out.
 */
export class ApplyLog {
  readonly errors: string[] = []
  #changes = { add: 0, change: 0, remove: 0 }
  #outputs: Record<string, string> = {}

  read(line: string): void {
    const message = parseLine(line)
    const summary = summarySchema.safeParse(message).data
    if (summary?.changes.operation === 'apply') this.#changes = summary.changes
    for (const [name, { sensitive, value }] of Object.entries(outputsSchema.safeParse(message).data?.outputs ?? {})) {
      if (!sensitive && typeof value === 'string') this.#outputs[name] = value
    }
    const diagnostic = diagnosticSchema.safeParse(message).data?.diagnostic
    if (diagnostic?.severity === 'error') this.errors.push(`${diagnostic.summary}: ${diagnostic.detail}`)
  }

  answer(): ProvisionAnswer {
    const { add, change, remove } = this.#changes
    const changed = add + change + remove > 0
    return { changed, added: add, updated: change, destroyed: remove, outputs: this.#outputs }
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
