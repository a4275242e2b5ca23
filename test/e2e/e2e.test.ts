// One file, and so one after the other while other tests run beside it: they share the namespace of the demo, and its database.
import './backup-pipeline.e2e.ts'
import './demo.e2e.ts'
