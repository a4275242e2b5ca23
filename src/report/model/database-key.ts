/** How the name of a database ends that was too long for a list. */
const SHORTENED = /… of \d+ schemas$/

/**
 * What is the same of two names of one database: in whichever order its schemas are named, it is the same.
 *
 * @param name `<namespace>/<schemas>`, with commas between these
 */
export function databaseKey(name: string): string {
  const slash = name.indexOf('/')
  if (slash < 0 || SHORTENED.test(name)) return name
  return `${name.slice(0, slash)}/${name
    .slice(slash + 1)
    .split(',')
    .toSorted()
    .join(',')}`
}
