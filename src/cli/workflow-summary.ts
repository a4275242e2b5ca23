/** Temporal takes no more for the line that its UI shows beside a workflow. */
const SUMMARY_BYTES = 200

/** What Temporal's UI says of a workflow from its start on. */
export interface WorkflowSummary {
  readonly staticSummary: string
  readonly staticDetails: string
}

/**
 * @param inShort what is asked for, in one line (`src/domain/in-short.ts`)
 * @param request the same in full
 */
export function workflowSummary(inShort: string, request: unknown): WorkflowSummary {
  return {
    staticSummary: cut(inShort, SUMMARY_BYTES),
    staticDetails: `${inShort}\n\n\`\`\`json\n${JSON.stringify(request, undefined, 2)}\n\`\`\``,
  }
}

/** Cuts between two characters, each of which may take several bytes. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const ellipsis = '…'
  let short = ''
  for (const character of text) {
    if (Buffer.byteLength(short + character + ellipsis) > bytes) break
    short += character
  }
  return short + ellipsis
}
