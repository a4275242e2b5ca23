/**
 * Each change that adds commands to a workflow stands behind one of these: a pipeline that began before it goes on without it.
 * How a change is made: docs/decisions/0006-how-workflows-change.md.
 */

/** A pipeline that is cancelled and cannot take everything back ends as failed, and says what is left. */
export const CANCELLED_NOT_UNDONE = 'cancelled-not-undone'

/** The update `progress` tells how far the steps are that run. */
export const PROGRESS_WITH_JOBS = 'progress-with-jobs'

/** A pipeline holds its database by a lock, and shows itself by search attributes. */
export const ONE_PIPELINE_PER_DATABASE = 'one-pipeline-per-database'

/** A pipeline that finds its backup sealed, by a run of it that was reset, leaves that one as it is. */
export const FOUND_SEALED = 'found-sealed'

/** A backup that has its record is kept, whatever becomes of its restore. */
export const SEALED_BACKUPS = 'sealed-backups'

/** Lists show a workflow's backup, its size and whether it is proven; its memo says what was asked for and what came of it. */
export const SHOWN_BACKUP = 'shown-backup'

/** A workflow that a schedule has started has it paused after so many failures in a row. */
export const PAUSE_AFTER_FAILURES = 'pause-after-failures'

/** A pipeline that has proven its backup tells the workflow that watches over the database's proof. */
export const TELLS_PROOF = 'tells-proof'

/** A pipeline that was cancelled, or failed, while its backup was getting its record keeps the backup, and has nothing to report of it. */
export const SEALED_MEANWHILE = 'sealed-meanwhile'

/** A doctor looks at the images of Terraform and of MySQL, too. */
export const LOOKS_AT_IMAGES = 'looks-at-images'

/** Backup ids of pipelines that begin in the same second differ, also where run ids begin with the time. */
export const RANDOM_BACKUP_IDS = 'random-backup-ids'

/** A workflow has told how it ended, what it asks, or that a proof has become too old. */
export const ANNOUNCES = 'announces'

/** A pipeline also holds the schemas into which it restores for its proof. */
export const HOLDS_RESTORED = 'holds-restored'
