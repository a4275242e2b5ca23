import type { DoctorAnswer, Finding } from '../../../src/domain/doctor.ts'
import { answerThatFits, cutMiddle } from '../job/termination-message.ts'

/** The answer with as much of each text as a termination message has room for. */
export function shortened(answer: DoctorAnswer): DoctorAnswer {
  const longest = Math.max(0, ...answer.findings.map(({ found, remedy = '' }) => Math.max(found.length, remedy.length)))
  return answerThatFits(longest, (characters) => {
    return { ...answer, findings: answer.findings.map((finding) => cut(finding, characters)) }
  })
}

function cut({ found, remedy, ...finding }: Finding, characters: number): Finding {
  const cutFinding = { ...finding, found: cutMiddle(found, characters) }
  return remedy === undefined ? cutFinding : { ...cutFinding, remedy: cutMiddle(remedy, characters) }
}
