/** What every command about one pipeline, restore or drill takes. */
export interface PipelineOptions {
  readonly runId?: string
  readonly output: 'table' | 'json'
}
