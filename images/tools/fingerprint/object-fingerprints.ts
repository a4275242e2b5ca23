import { definerOf, withoutDefiner } from '../schema/object-script.ts'
import { disabledEventStatement, type ObjectFacts, triggerStatement } from '../schema/object-sql.ts'
import type { SchemaObjects } from '../schema/schema-objects.ts'
import type { ObjectFingerprint, ObjectKind } from './fingerprint.ts'

/** What must be equal of the objects that a schema has beside base tables, in the order of kinds and names. */
export function objectFingerprints({ views, routines, triggers, events }: SchemaObjects): ObjectFingerprint[] {
  return [
    ...views.map((view) => object('view', view, view.statement, { collation: view.collation })),
    ...routines.map((routine) => object(routine.kind, routine, routine.statement, settingsOf(routine))),
    ...triggers.map((trigger) =>
      object('trigger', trigger, triggerStatement(trigger), { ...settingsOf(trigger), order: String(trigger.order) }),
    ),
    ...events.map((event) => ({
      ...object('event', event, disabledEventStatement(event), { ...settingsOf(event), timeZone: event.timeZone }),
      status: event.status,
    })),
  ]
}

function object(
  kind: ObjectKind,
  { name }: Pick<ObjectFacts, 'name'>,
  statement: string,
  settings: Readonly<Record<string, string>>,
): ObjectFingerprint {
  return { kind, name, definition: withoutDefiner(statement), settings, definer: definerOf(statement), status: null }
}

function settingsOf({ sqlMode, collation }: Pick<ObjectFacts, 'sqlMode' | 'collation'>): Record<string, string> {
  return { sqlMode, collation }
}
