import { readFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'

/** manifests/monitoring/prometheus-rule.yaml: the rules as the Prometheus operator takes them. kustomize cannot put one file into another. */
export async function prometheusRule(): Promise<string> {
  const rules: unknown = parse(await readFile('manifests/monitoring/rules.yaml', 'utf8'))
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'holdfast' },
    spec: rules,
  }
  return `# Written by \`npm run schemas\` from rules.yaml.\n${stringify(object, { lineWidth: 0 })}`
}
