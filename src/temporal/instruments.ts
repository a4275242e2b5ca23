import type { MetricMeter } from '@temporalio/common'
import type { Metric } from '../domain/metrics.ts'

/** Adds to a counter. */
export function addTo<Label extends string>(
  meter: MetricMeter,
  { name, help }: Metric<'counter', Label>,
  value: number,
  labels: Readonly<Record<Label, string>>,
): void {
  meter.createCounter(name, undefined, help).add(value, labels)
}

/** Sets a gauge. */
export function setTo<Label extends string>(
  meter: MetricMeter,
  { name, help }: Metric<'gauge', Label>,
  value: number,
  labels: Readonly<Record<Label, string>>,
): void {
  meter.createGauge(name, 'float', undefined, help).set(value, labels)
}

/** Notes how long something took. The exporter adds the unit to the name. */
export function recordSeconds<Label extends string>(
  meter: MetricMeter,
  { name, help }: Metric<'histogram', Label>,
  seconds: number,
  labels: Readonly<Record<Label, string>>,
): void {
  meter.createHistogram(name, 'float', 'seconds', help).record(seconds, labels)
}
