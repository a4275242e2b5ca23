import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

const rulesSchema = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string().optional(), expr: z.string() })) })),
})
const dashboardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
})

/** An expression for Prometheus, and who has it: an alert, or a panel. */
export interface Expression {
  readonly owner: string
  readonly expr: string
}

/** Those of manifests/monitoring/rules.yaml. */
export async function ruleExpressions(): Promise<Expression[]> {
  const { groups } = rulesSchema.parse(parse(await readFile('manifests/monitoring/rules.yaml', 'utf8')))
  return groups.flatMap(({ rules }) => rules.map(({ alert = 'a recorded one', expr }) => ({ owner: alert, expr })))
}

/** Those of manifests/monitoring/dashboard.json. */
export async function panelExpressions(): Promise<Expression[]> {
  const { panels } = dashboardSchema.parse(JSON.parse(await readFile('manifests/monitoring/dashboard.json', 'utf8')))
  return panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ owner: title, expr })))
}

/** The metrics that an expression reads, but for those that a rule has recorded: their names have a colon. */
export function namedMetrics({ expr }: Expression): string[] {
  return [...expr.matchAll(/\b(?:holdfast|temporal)_\w+(?![\w:])/g)].map(([name]) => name)
}

/** The metrics that rules or panels read and that are not among these, each with who reads it. */
export async function missingAmong(names: ReadonlySet<string>): Promise<string[]> {
  const expressions = [...(await ruleExpressions()), ...(await panelExpressions())]
  return expressions.flatMap((expression) =>
    namedMetrics(expression)
      .filter((name) => !names.has(name))
      .map((name) => `${expression.owner}: ${name}`),
  )
}
