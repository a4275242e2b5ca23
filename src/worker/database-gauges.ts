import type { Client } from '@temporalio/client'
import type { MetricMeter } from '@temporalio/common'
import { DATABASE_METRICS, METRICS } from '../domain/metrics.ts'
import { listDrillEnds } from '../temporal/drill-ends.ts'
import { setTo } from '../temporal/instruments.ts'
import { listQuestions } from '../temporal/questions.ts'
import { listWatchedDatabases, proofDueAt } from '../temporal/watched-databases.ts'

const DRILLS_OF_MILLISECONDS = 31 * 86_400_000

type GaugeName = keyof typeof DATABASE_METRICS
/** A value for each database. */
type Values = Map<string, number>

/**
 * Shows, as gauges, what Temporal's lists say of each database: what no worker needs to have seen for itself
 * (docs/decisions/0017-gauges-come-from-temporals-lists.md).
 */
export class DatabaseGauges {
  readonly #client: Client
  readonly #taskQueue: string
  readonly #meter: MetricMeter
  /** What is shown by now: a gauge can be set anew, and not be taken back. */
  readonly #shown: Readonly<Record<GaugeName, Values>> = gaugeValues()

  constructor(client: Client, taskQueue: string, meter: MetricMeter) {
    this.#client = client
    this.#taskQueue = taskQueue
    this.#meter = meter
  }

  /** Asks for all, then shows all. @throws where Temporal does not answer: what was shown stays, with the time when it was read */
  async refresh(): Promise<void> {
    const now = Date.now()
    const values = gaugeValues()
    await Promise.all([this.#readProofs(values), this.#readQuestions(values), this.#readDrills(values, now)])
    for (const name of Object.keys(DATABASE_METRICS) as GaugeName[]) this.#show(name, values[name])
    setTo(this.#meter, METRICS.listsReadAt, now / 1000, {})
  }

  async #readProofs(values: Record<GaugeName, Values>): Promise<void> {
    const { provenAt, proofDue, backupBytes } = values
    for await (const watched of listWatchedDatabases(this.#client, this.#taskQueue)) {
      const { database, last } = watched
      provenAt.set(database, (last?.provenAt ?? 0) / 1000)
      proofDue.set(database, proofDueAt(watched) / 1000)
      if (last) backupBytes.set(database, last.bytes)
      // The others read these meanwhile: 0 where they find nothing.
      for (const name of ['questions', 'drillProvenAt', 'drillFailedAt'] as const) {
        values[name].set(database, values[name].get(database) ?? 0)
      }
    }
  }

  async #readQuestions({ questions }: Record<GaugeName, Values>): Promise<void> {
    for await (const database of listQuestions(this.#client, this.#taskQueue)) {
      questions.set(database, (questions.get(database) ?? 0) + 1)
    }
  }

  async #readDrills({ drillProvenAt, drillFailedAt }: Record<GaugeName, Values>, now: number): Promise<void> {
    const since = new Date(now - DRILLS_OF_MILLISECONDS)
    for await (const { database, proven, endedAt } of listDrillEnds(this.#client, this.#taskQueue, since)) {
      const [latest, other] = proven ? [drillProvenAt, drillFailedAt] : [drillFailedAt, drillProvenAt]
      latest.set(database, Math.max(latest.get(database) ?? 0, endedAt.getTime() / 1000))
      other.set(database, other.get(database) ?? 0)
    }
  }

  #show(name: GaugeName, values: Values): void {
    const shown = this.#shown[name]
    const gone = [...shown.keys()].filter((database) => !values.has(database))
    for (const [database, value] of [...values, ...gone.map((database) => [database, 0] as const)]) {
      if (shown.get(database) === value) continue
      setTo(this.#meter, DATABASE_METRICS[name], value, { database })
      shown.set(database, value)
    }
  }
}

function gaugeValues(): Record<GaugeName, Values> {
  return {
    provenAt: new Map(),
    proofDue: new Map(),
    backupBytes: new Map(),
    questions: new Map(),
    drillProvenAt: new Map(),
    drillFailedAt: new Map(),
  }
}
