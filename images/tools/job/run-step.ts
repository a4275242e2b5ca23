import { writeFile } from 'node:fs/promises'
import type { z } from 'zod'
import { Children } from './children.ts'
import { ProgressReporter } from './progress-reporter.ts'
import { StepError, toStepError } from './step-error.ts'
import { answerText, failureText } from './termination-message.ts'

/** The exit code of a program that SIGTERM ended: 128 + 15. */
const EXIT_TERMINATED = 143

/** How long the programs that a step has started may take to end, unless it says otherwise. */
const STOP_SECONDS = 5

/** A program of a Job's pod: what it is called, what it reads and what it answers. */
export interface StepProgram<Environment extends z.ZodType, Answer extends z.ZodType> {
  readonly name: string
  /** Of the environment variables: read and checked once, before anything is done. */
  readonly environment: Environment
  readonly answer: Answer
  /**
   * How long the programs that it has started may take to end. Below the pod's grace period.
   *
   * @default 5
   */
  readonly stopSeconds?: number
}

/** What a step works with. */
export interface StepContext {
  readonly children: Children
  readonly progress: ProgressReporter
  /** Prints a line for the person who reads the pod's log. Never a secret. */
  readonly log: (line: string) => void
}

/**
 * Runs a step's program from its environment to its termination message: the answer and exit code 0, or a failure and exit
 * code 1. SIGTERM ends the programs it started, and then it, with exit code 143.
 */
export async function runStep<Environment extends z.ZodType, Answer extends z.ZodType>(
  program: StepProgram<Environment, Answer>,
  work: (environment: z.output<Environment>, context: StepContext) => Promise<z.input<Answer>>,
): Promise<void> {
  // Whoever read the log has gone: no reason to stop.
  process.stdout.on('error', () => {})
  const children = new Children()
  const context = { children, progress: new ProgressReporter(print), log: print }
  const stopSeconds = program.stopSeconds ?? STOP_SECONDS
  endOnSignal(children, stopSeconds)
  try {
    const environment = parseEnvironment(program.environment, process.env)
    const answer = program.answer.parse(await work(environment, context))
    await end(answerText(answer), 0)
  } catch (error) {
    if (isEnding) return
    const failure = toStepError(error)
    print(`${program.name} failed: ${failure.message} ${failure.remedy}`)
    if (failure.type === 'Unexpected' && failure.cause instanceof Error) print(failure.cause.stack ?? '')
    await children.stopAll(stopSeconds)
    await end(failureText(failure), 1)
  }
}

/** @throws {StepError} `InvalidSettings`, naming each variable that is wrong */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: NodeJS.ProcessEnv,
): z.output<Schema> {
  const parsed = schema.safeParse(variables)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`)
  throw new StepError({
    type: 'InvalidSettings',
    message: `The environment of the step is not valid. ${wrong.join('; ')}.`,
    remedy: "Correct the variable in the Job's manifest or in the request.",
    retryable: false,
  })
}

let isEnding = false

function endOnSignal(children: Children, stopSeconds: number): void {
  // As process 1 of its container, Node would otherwise not end on SIGTERM at all.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, async () => {
      if (isEnding) return
      isEnding = true
      print(`${signal}: stopping.`)
      await children.stopAll(stopSeconds)
      process.exit(EXIT_TERMINATED)
    })
  }
}

/** Writes the termination message and ends the program, whatever connections it may still hold. */
async function end(message: string, exitCode: number): Promise<void> {
  if (isEnding) return
  print(message)
  await writeFile(process.env.TERMINATION_MESSAGE_PATH ?? '/dev/termination-log', message)
  process.exit(exitCode)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
