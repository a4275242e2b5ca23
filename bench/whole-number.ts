import { InvalidArgumentError } from 'commander'

/** Parses the value of an option that is a whole number. @param least the lowest that is taken */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text !== '' && Number.isInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`It has to be a whole number, ${least} or more.`)
  }
}
