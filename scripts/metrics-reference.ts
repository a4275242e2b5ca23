import { exposedName, METRICS } from '../src/domain/metrics.ts'

/** docs/reference/metrics.md: what Holdfast shows of itself to Prometheus. */
export function metricsReference(): string {
  const rows = Object.values(METRICS).map((metric) => {
    const labels = metric.labels.map((label) => `\`${label}\``).join(', ')
    return `| \`${exposedName(metric)}\` | ${metric.kind} | ${labels} | ${metric.help} |`
  })
  return [
    '# Reference of the metrics',
    'Written by `npm run schemas` from the code. How they are read, and what is to be made of them: [docs/monitoring.md](../monitoring.md).',
    ['| name | kind | labels | what it is |', '|---|---|---|---|', ...rows].join('\n'),
    "Each has the labels `namespace` (of Temporal) and `taskQueue` besides. Those of workflows have `workflowType`, those of Jobs `activityType`: as Temporal's SDK gives them.",
    '',
  ].join('\n\n')
}
