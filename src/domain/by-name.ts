import { z } from 'zod'

/**
 * An object whose keys are names that users have chosen, as those of schemas and tables. Any may be among them: an ordinary object has
 * a `constructor` that nobody has put there, and cannot be given a `__proto__` like any other key.
 */
export function objectByName<Name extends string, Value>(
  entries: Iterable<readonly [Name, Value]>,
): Readonly<Record<Name, Value>> {
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

/** Reads an {@link objectByName}. Zod's own `z.record` leaves `__proto__` out, and says nothing. */
export function byName<Name extends z.ZodType<string>, Value extends z.ZodType>(
  name: Name,
  value: Value,
): z.ZodType<Readonly<Record<z.output<Name>, z.output<Value>>>> {
  // Zod's own type of the tuple leaves open whether one of the two is optional.
  type Entries = readonly (readonly [z.output<Name>, z.output<Value>])[]
  const entries = z.array(z.tuple([name, value]))
  const schema = z.custom<object>(isObject, 'is no object').transform((json, context) => {
    const parsed = entries.safeParse(Object.entries(json))
    if (parsed.success) return objectByName<z.output<Name>, z.output<Value>>(parsed.data as unknown as Entries)
    const names = Object.keys(json)
    for (const { message, path } of parsed.error.issues) {
      // Where among the entries: which one, whether its name or its value, and where in that.
      const [index, , ...inside] = path
      context.addIssue({ code: 'custom', message, path: [names[Number(index)] ?? '', ...inside] })
    }
    return z.NEVER
  })
  records.set(schema, z.record(name as z.ZodType as z.ZodString, value))
  return schema
}

const records = new WeakMap<object, z.ZodType>()

/** The record that a schema of {@link byName} would be, if that took every name: its JSON Schema is the same. */
export function recordLike(schema: object): z.ZodType | undefined {
  return records.get(schema)
}

function isObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
