/** How long each of what is measured took, in seconds, round by round. */
export class Measurements {
  readonly #seconds = new Map<string, number[]>()

  /** Notes what took so long, and prints it on standard error. */
  note(name: string, seconds: number): void {
    this.#seconds.set(name, [...(this.#seconds.get(name) ?? []), seconds])
    console.error(`${name}: ${seconds.toFixed(1)} s`)
  }

  /** Does something, and notes how long it took. */
  async timed(name: string, work: () => Promise<unknown>): Promise<void> {
    const start = performance.now()
    await work()
    this.note(name, (performance.now() - start) / 1000)
  }

  /** Of several together, what they took in each round; of one that was measured only once, that in each. */
  roundsOf(...names: string[]): number[] {
    const measured = names.map((name) => this.#seconds.get(name) ?? [])
    const rounds = Math.max(...measured.map(({ length }) => length))
    return Array.from({ length: rounds }, (_, round) => measured.reduce((sum, all) => sum + inRound(all, round), 0))
  }

  /** What some took together, divided by what another one took in the same round. */
  ratios(ours: readonly string[], theirs: string): number[] {
    const [one, other] = [this.roundsOf(...ours), this.roundsOf(theirs)]
    const rounds = Math.max(one.length, other.length)
    return Array.from({ length: rounds }, (_, round) => inRound(one, round) / inRound(other, round))
  }
}

function inRound(measured: readonly number[], round: number): number {
  return measured[measured.length === 1 ? 0 : round] ?? Number.NaN
}
