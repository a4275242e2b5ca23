import { randomUUID } from 'node:crypto'
import { doctorAnswerSchema } from '../../../src/domain/doctor.ts'
import { examineFromPod } from '../doctor/examine-from-pod.ts'
import { shortened } from '../doctor/shortened.ts'
import { doctorVariables } from '../doctor/variables.ts'
import { runStep } from '../job/run-step.ts'

const program = { name: 'doctor', environment: doctorVariables, answer: doctorAnswerSchema() }

await runStep(program, async (variables, context) => {
  const answer = await examineFromPod(variables, process.env, randomUUID(), context)
  for (const { check, state, found } of answer.findings) context.log(`${check}: ${state}: ${found}`)
  return shortened(answer)
})
