import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api'
import type { FollowedJob } from '../domain/followed-job.ts'
import type { JobPurpose } from '../domain/steps.ts'
import { JobFailedError } from '../kubernetes/job-failure.ts'

/**
 * Follows a Job within a span of its own, below that of the activity. Where nothing is traced it costs nothing: OpenTelemetry's API then
 * does nothing.
 *
 * @param follow is given what it is to tell of each look at the Job
 */
export async function inJobSpan<Result>(
  purpose: JobPurpose,
  follow: (noteLook: (look: FollowedJob) => void) => Promise<Result>,
): Promise<Result> {
  return await trace.getTracer('holdfast').startActiveSpan(`Job:${purpose}`, async (span) => {
    try {
      return await follow((look) => span.setAttributes(attributesOf(look)))
    } catch (error) {
      if (error instanceof JobFailedError) span.setAttribute('error.type', error.failure.type)
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

/** By OpenTelemetry's names: https://opentelemetry.io/docs/specs/semconv/resource/k8s/ */
function attributesOf({ namespace, jobName, uid, podName }: FollowedJob): Attributes {
  return {
    'k8s.namespace.name': namespace,
    'k8s.job.name': jobName,
    ...(uid !== undefined && { 'k8s.job.uid': uid }),
    ...(podName !== undefined && { 'k8s.pod.name': podName }),
  }
}
